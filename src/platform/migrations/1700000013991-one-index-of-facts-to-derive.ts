import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the release before derives anew is among what this one does: the wider index serves both. */
export class OneIndexOfFactsToDerive1700000013991 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX history_fact_outdated`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
