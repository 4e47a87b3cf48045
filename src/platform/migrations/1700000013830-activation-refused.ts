import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** That the time set for a version came and it was not put in force, and why: people are told until they see to it. */
export class ActivationRefused1700000013830 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE policy_version ADD COLUMN refused_at timestamptz, ADD COLUMN refused_for text`,
    );
  }
}
