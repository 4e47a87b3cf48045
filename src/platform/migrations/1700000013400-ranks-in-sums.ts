import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Where we stood in what we lost is summed by day as well; every day is summed anew for it. */
export class RanksInSums1700000013400 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE history_sum ADD COLUMN lost_ranked numeric NOT NULL DEFAULT 0,
        ADD COLUMN second numeric NOT NULL DEFAULT 0;
      INSERT INTO history_stale_day SELECT DISTINCT day FROM history_sum ON CONFLICT DO NOTHING;
    `);
  }
}
