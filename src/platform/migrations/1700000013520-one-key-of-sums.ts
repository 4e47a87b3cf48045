import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the key of a sum begins with is found by the key. */
export class OneKeyOfSums1700000013520 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX history_sum_of`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
