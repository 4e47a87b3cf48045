import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The rows from before hold what new ones must. */
export class ExposureOfDebtsChecked1700000012201 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE exposure VALIDATE CONSTRAINT exposure_of_bid_or_debt`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
