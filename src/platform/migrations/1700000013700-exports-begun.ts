import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** How often a file was begun: one that never comes to its end is given up. */
export class ExportsBegun1700000013700 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE export ADD COLUMN begun smallint NOT NULL DEFAULT 0`);
  }
}
