import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** The rows from before hold what new ones must. */
export class ReversalsValidated1700000012301 extends ForwardOnly {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE operation_command VALIDATE CONSTRAINT operation_command_action_check`,
    );
    for (const constraint of ['approval_action', 'approval_subject', 'approval_command'])
      await queryRunner.query(`ALTER TABLE approval VALIDATE CONSTRAINT ${constraint}`);
  }
}
