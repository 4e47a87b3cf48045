import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Facts of an older shape are among the outdated ones. */
export class OneIndexOfOutdatedFacts1700000013791 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX history_fact_older_shape`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
