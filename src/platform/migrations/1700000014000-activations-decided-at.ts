import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/**
 * When a person set the date by which a version is in force: whoever sets one after another was refused has seen to it. Null of
 * dates that the release before sets, which then count as set before every refusal.
 */
export class ActivationsDecidedAt1700000014000 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE policy_version ADD COLUMN scheduled_at timestamptz`);
    await queryRunner.query(`ALTER TABLE policy_activation ADD COLUMN scheduled_at timestamptz`);
  }
}
