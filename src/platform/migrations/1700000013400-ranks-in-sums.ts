import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where we stood in what we lost is summed by day as well; every day is summed anew for it. */
export class RanksInSums1700000013400 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE history_sum ADD COLUMN lost_ranked numeric NOT NULL DEFAULT 0,
        ADD COLUMN second numeric NOT NULL DEFAULT 0;
      INSERT INTO history_stale_day SELECT DISTINCT day FROM history_sum ON CONFLICT DO NOTHING;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
