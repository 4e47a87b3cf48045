import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of the account that refused a payment, keyed: its last digits alone take a corrected number for the mistyped one. */
export class RefusedAccountIndex1700000014185 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE operation_event ADD COLUMN refused_account_index bytea`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
