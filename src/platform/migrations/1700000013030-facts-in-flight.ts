import type { MigrationInterface, QueryRunner } from 'typeorm';

/** With every live bid in an index, each end of an auction wrote all indexes of its fact anew. */
export class FactsInFlight1700000013030 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX history_fact_in_flight`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
