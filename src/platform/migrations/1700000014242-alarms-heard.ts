import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why bids stood at the table before the reason of now, since they were set back. */
export class AlarmsHeard1700000014242 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE rate_model_line ADD COLUMN returned_before_for text[] NOT NULL DEFAULT '{}'`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
