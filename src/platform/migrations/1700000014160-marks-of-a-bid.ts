import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The number of the last mark of a bid, so that one which comes late is told from it. The release before counts none: its
 * own stay at zero, and are marked as before.
 */
export class MarksOfABid1700000014160 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE bid ADD COLUMN marks integer NOT NULL DEFAULT 0');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
