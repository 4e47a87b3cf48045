import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether one of the versions names people that the one in force did not: its figures are not for everybody. What the release before
 * finishes beside this one is taken for such.
 */
export class BacktestsOfPeople1700000014241 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE backtest_report ADD COLUMN names_others boolean NOT NULL DEFAULT false;
      ALTER TABLE backtest_report ALTER COLUMN names_others SET DEFAULT true;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
