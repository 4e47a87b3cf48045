import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Why bids stood at the table before the reason of now, since they were set back. */
export class AlarmsHeard1700000014242 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE rate_model_line ADD COLUMN returned_before_for text[] NOT NULL DEFAULT '{}'`,
    );
  }
}
