import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** The facts of a day summed by one dimension at a time, so that half a year is read in some thousand rows. */
export class HistorySums1700000012910 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    const sums = [
      'requests asked bids offered rate_by_amount won lost won_amount signed signed_amount reserved reserved_amount',
      'paid paid_amount won_known won_margin expected paid_known paid_known_amount interest discount rebate funding',
      'prepayment expected_loss cost margin margin_rate_by_amount told told_expected_loss told_loss first_told first_paid',
    ].flatMap((line) => line.split(' '));
    await queryRunner.query(`
      CREATE TABLE history_sum (
        day date NOT NULL,
        product text NOT NULL,
        policy_version text,
        -- 'all', whose value is null, or a dimension of src/history/explore.
        dimension text NOT NULL,
        value text,
        ${sums.map((name) => `${name} numeric NOT NULL`).join(', ')}
      );
      CREATE INDEX history_sum_of ON history_sum (dimension, day);

      -- Days whose facts have changed since they were summed: these are read from the facts. Today always is.
      CREATE TABLE history_stale_day (day date PRIMARY KEY);
      INSERT INTO history_stale_day SELECT DISTINCT day FROM history_fact;
    `);
  }
}
