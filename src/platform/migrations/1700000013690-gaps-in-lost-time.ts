import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** What was told in a time that a restore has lost is asked for twice: QI calls it delivered from the first time on. */
export class GapsInLostTime1700000013690 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE reconciliation_gap ADD COLUMN in_lost_time boolean NOT NULL DEFAULT false`,
    );
  }
}
