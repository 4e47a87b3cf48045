import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Whether the answer to an attempt of a command was ever lost, whatever was believed of it since. */
export class AnswerLost1700000014050 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['operation_command', 'proposal_command'])
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN answer_lost boolean NOT NULL DEFAULT false`);
  }
}
