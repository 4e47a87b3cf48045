import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** What a process should do again and again and does not, longest first, and since when; of the release before it is never known. */
export class LateWork1700000014292 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE instance ADD COLUMN late_work text[] NOT NULL DEFAULT '{}',
         ADD COLUMN late_since timestamptz[] NOT NULL DEFAULT '{}'`,
    );
  }
}
