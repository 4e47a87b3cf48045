import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when an endpoint takes nothing that it is sent: what is sent a third time waits behind all that is new. */
export class FailingSince1700000014080 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE notification_endpoint ADD COLUMN failing_since timestamptz`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
