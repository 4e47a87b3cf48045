import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of a mail that a server took for some of its recipients: who has it. It is repeated to the others. */
export class TakenBy1700000013785 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE notification_delivery ADD COLUMN taken_by text[]`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
