import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/**
 * What figures about the past are made of: one narrow row for each auction, and for each loan that no auction brought,
 * kept beside the tables that work by a job (src/history/facts). Outcomes after disbursement come from outside.
 */
export class HistoryFacts1700000012900 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Money in whole cents and rates in millionths: a million rows are summed in one look. Nothing here is of a person.
      CREATE TABLE history_fact (
        key text PRIMARY KEY,
        received_at timestamptz NOT NULL,
        -- In São Paulo.
        day date NOT NULL,
        hour smallint NOT NULL,
        product text NOT NULL,
        status text NOT NULL,
        loan text,
        policy_version text,
        reason text,
        -- Of a company; an employer who is a person is not told apart here.
        employer_index bytea,
        tenure_months smallint,
        asked bigint,
        asked_term smallint,
        -- The latest bid; what is worked out of it is empty until the job has looked.
        bid_key uuid,
        rate integer,
        term smallint,
        offered bigint,
        price_row text,
        rank smallint,
        paid_on date,
        -- Why there is no margin; 'known' where there is.
        margin_is text,
        loss_row text,
        interest bigint,
        discount bigint,
        rebate bigint,
        funding bigint,
        prepayment bigint,
        expected_loss bigint,
        cost bigint,
        margin bigint,
        -- Yield on the outlay over the funding rate, a month.
        margin_rate integer,
        -- Share of won auctions that is expected to be paid out.
        paid_out integer,
        -- As told after disbursement.
        first_due date,
        first_paid boolean,
        told_loss bigint,
        CHECK ((margin_is = 'known') = (margin IS NOT NULL)),
        CHECK (margin = interest + discount + rebate - funding - prepayment - expected_loss - cost)
      ) WITH (fillfactor = 85);
      CREATE INDEX history_fact_day ON history_fact (day);
      CREATE INDEX history_fact_in_flight ON history_fact (key) WHERE status IN ('open', 'bidding', 'bid', 'unknown');
      CREATE INDEX history_fact_no_margin ON history_fact (received_at) WHERE bid_key IS NOT NULL AND margin_is IS NULL;

      -- How far the job has come, and which day it counts anew next.
      CREATE TABLE history_progress (
        one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
        received_through timestamptz NOT NULL DEFAULT '-infinity',
        changed_through timestamptz NOT NULL DEFAULT '-infinity',
        checked_day date,
        checked_at timestamptz,
        differed integer NOT NULL DEFAULT 0
      );
      INSERT INTO history_progress DEFAULT VALUES;

      -- What became of a loan's instalments, told by who services it. The latest word on one stands.
      CREATE TABLE loan_outcome_import (
        id uuid PRIMARY KEY,
        imported_by text NOT NULL,
        imported_at timestamptz NOT NULL,
        outcomes integer NOT NULL
      );
      CREATE INDEX loan_outcome_import_at ON loan_outcome_import (imported_at);
      CREATE TABLE loan_outcome (
        credit_operation_key text NOT NULL REFERENCES operation,
        installment smallint NOT NULL CHECK (installment BETWEEN 1 AND 144),
        due_on date NOT NULL,
        status text NOT NULL CHECK (status IN ('paid', 'late', 'unpaid', 'prepaid', 'written_off')),
        paid_on date,
        paid_amount numeric CHECK (paid_amount >= 0),
        loss_amount numeric CHECK (loss_amount >= 0),
        import_id uuid NOT NULL REFERENCES loan_outcome_import,
        PRIMARY KEY (credit_operation_key, installment),
        CHECK ((status IN ('paid', 'late', 'prepaid')) = (paid_on IS NOT NULL)),
        CHECK ((status = 'written_off') = (loss_amount IS NOT NULL))
      );
      CREATE INDEX loan_outcome_of ON loan_outcome (import_id);
    `);
  }
}
