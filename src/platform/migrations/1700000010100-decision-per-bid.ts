import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** A smaller bid in the place of a refused one has a decision of its own; every decision names the data it used. */
export class DecisionPerBid1700000010100 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE decision
        -- That of the bid it led to; 1 is the auction's own.
        ADD COLUMN ordinal integer NOT NULL DEFAULT 1 CHECK (ordinal >= 1),
        -- Of the dated tables (taxes, holidays, payroll rules, programme); null for decisions of earlier releases.
        ADD COLUMN data_sha256 text;
      ALTER TABLE decision DROP CONSTRAINT decision_pkey, ADD PRIMARY KEY (auction_key, ordinal);
    `);
  }
}
