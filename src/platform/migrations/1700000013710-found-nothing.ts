import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** How often QI knew nothing of a command whose answer was lost; what else it answered meanwhile says nothing. */
export class FoundNothing1700000013710 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['operation_command', 'proposal_command'])
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN found_nothing integer NOT NULL DEFAULT 0`);
  }
}
