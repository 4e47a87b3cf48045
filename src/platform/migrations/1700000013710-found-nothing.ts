import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often QI knew nothing of a command whose answer was lost; what else it answered meanwhile says nothing. */
export class FoundNothing1700000013710 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['operation_command', 'proposal_command'])
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN found_nothing integer NOT NULL DEFAULT 0`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
