import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/**
 * Charts count all auctions, from the daily sums: what they count by is in the facts, and a fact that changes late changes the
 * sums of its day. Every day is summed anew for it.
 */
export class FactsForCharts1700000013500 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE history_fact
        -- Why: codes of all that its decisions said.
        ADD COLUMN reasons text[],
        -- Before the limit, when the last bid was sent.
        ADD COLUMN seconds_left smallint,
        -- By which rules it was derived: what an older release wrote is derived anew.
        ADD COLUMN shape smallint NOT NULL DEFAULT 0;
      ALTER TABLE history_sum ADD COLUMN decided numeric NOT NULL DEFAULT 0,
        ADD COLUMN decided_asked numeric NOT NULL DEFAULT 0, ADD COLUMN bids_asked numeric NOT NULL DEFAULT 0;
      INSERT INTO history_stale_day SELECT DISTINCT day FROM history_sum ON CONFLICT DO NOTHING;
      DELETE FROM history_sum;

      -- Too many to be a dimension of those: what is counted of each employer, by day, and by month so that years are read soon.
      CREATE TABLE history_employer_sum (
        unit text NOT NULL CHECK (unit IN ('day', 'month')),
        -- Its first day.
        start date NOT NULL,
        employer_index bytea NOT NULL,
        requests bigint NOT NULL,
        bids bigint NOT NULL,
        won bigint NOT NULL,
        asked bigint NOT NULL
      );
      CREATE UNIQUE INDEX history_employer_sum_key ON history_employer_sum (unit, start, employer_index);
      CREATE INDEX history_employer_sum_most ON history_employer_sum (unit, start, requests DESC);

      -- What is told of loans is counted whatever the clock of who took it: the loans of an import after this one wait for it.
      ALTER TABLE loan_outcome_import ADD COLUMN uncounted_after text DEFAULT '';
    `);
  }
}
