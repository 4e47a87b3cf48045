import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Letting bidding go on needs two people as well: an approval that belongs to no operation. */
export class KillSwitchRelease1700000005100 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE approval
        ALTER COLUMN credit_operation_key DROP NOT NULL,
        DROP CONSTRAINT approval_action_check,
        DROP CONSTRAINT approval_check2,
        ADD CHECK (action IN ('cancel_permanently', 'release_kill_switch')),
        ADD CHECK ((action = 'cancel_permanently') = (credit_operation_key IS NOT NULL)),
        ADD CHECK ((status = 'approved' AND action = 'cancel_permanently') = (command_id IS NOT NULL));
      CREATE UNIQUE INDEX approval_one_pending_release ON approval (action)
        WHERE status = 'pending' AND credit_operation_key IS NULL;
    `);
  }
}
