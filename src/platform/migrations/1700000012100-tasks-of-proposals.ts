import { ForwardOnly, type QueryRunner } from '../database/forward-only';
import { createIndexConcurrently } from '../database/concurrent-index';

/** Of each kind one task is open for a proposal, and the rows from before hold what new ones must. */
export class TasksOfProposals1700000012100 extends ForwardOnly {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await createIndexConcurrently(
      queryRunner,
      'task_one_per_proposal',
      `ON task (proposal_id, kind) WHERE status <> 'resolved'`,
      { unique: true },
    );
    await queryRunner.query(`ALTER TABLE task VALIDATE CONSTRAINT task_subject`);
    await queryRunner.query(
      `ALTER TABLE operation_command VALIDATE CONSTRAINT operation_command_action_check`,
    );
  }
}
