import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** What each bid puts at risk, and how much of every limit is used. */
export class Exposure1700000003000 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- The register of our offers, one row per bid: what it puts at risk, and until when it is alive.
      CREATE TABLE exposure (
        request_control_key uuid PRIMARY KEY REFERENCES bid,
        auction_key text NOT NULL REFERENCES auction,
        borrower_index bytea CHECK (octet_length(borrower_index) = 32),
        employer_index bytea CHECK (octet_length(employer_index) = 32),
        amount numeric NOT NULL CHECK (amount > 0),
        monthly_interest_rate numeric NOT NULL CHECK (monthly_interest_rate BETWEEN 0 AND 1),
        -- The day of São Paulo whose limit it counts in.
        counted_on date NOT NULL,
        live_until timestamptz NOT NULL,
        status text NOT NULL CHECK (status IN ('reserved', 'committed', 'released')),
        status_reason text CHECK ((status_reason IS NOT NULL) = (status = 'released')),
        changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
      ) WITH (fillfactor = 80);
      CREATE UNIQUE INDEX exposure_one_per_auction ON exposure (auction_key) WHERE status <> 'released';
      CREATE INDEX exposure_borrower ON exposure (borrower_index, live_until) WHERE status <> 'released';
      CREATE INDEX exposure_employer ON exposure (employer_index, live_until) WHERE status <> 'released';

      -- How much of each limit is used. The sums over exposure, kept beside it so that one locked row answers.
      CREATE TABLE limit_use (
        name text NOT NULL CHECK (name IN
          ('per_borrower', 'per_employer', 'bids_per_minute', 'bids_per_hour', 'bids_per_day', 'per_day', 'total')),
        -- Whose: blind index in hex, start of the minute or hour, day; empty for the total.
        key text NOT NULL,
        used numeric NOT NULL,
        -- Of the policy that used it last; null for none.
        cap numeric,
        -- Grows with every change: a decision made on an older one is made again.
        revision bigint NOT NULL,
        PRIMARY KEY (name, key)
      ) WITH (fillfactor = 50);

      INSERT INTO exposure (request_control_key, auction_key, borrower_index, employer_index, amount,
        monthly_interest_rate, counted_on, live_until, status)
      SELECT request_control_key, auction_key, borrower_index, employer_index, disbursed_issue_amount,
        bid.monthly_interest_rate, (bid.created_at AT TIME ZONE 'America/Sao_Paulo')::date,
        bid.created_at + days_to_expiration * interval '1 day',
        CASE WHEN auction.status = 'won' THEN 'committed' ELSE 'reserved' END
      FROM bid JOIN auction ON issuer_proposal_request_key = auction_key
      WHERE bid.status IN ('intended', 'sending', 'accepted', 'unknown')
        AND auction.status IN ('bidding', 'bid', 'unknown', 'won');
      INSERT INTO limit_use (name, key, used, revision)
      SELECT name, key, sum(amount), 1
      FROM exposure CROSS JOIN LATERAL (VALUES
        ('per_borrower', encode(borrower_index, 'hex')), ('per_employer', encode(employer_index, 'hex')),
        ('per_day', counted_on::text), ('total', '')) AS counted (name, key)
      WHERE key IS NOT NULL GROUP BY name, key;
    `);
  }
}
