import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often a file was begun: one that never comes to its end is given up. */
export class ExportsBegun1700000013700 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE export ADD COLUMN begun smallint NOT NULL DEFAULT 0`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
