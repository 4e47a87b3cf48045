import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** The way of an auction in batches: what triggers wrote row by row, the ledger's statements write for all at once. */
export class Ledger1700000010000 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TRIGGER decision_facets ON decision;
      DROP FUNCTION keep_facets;
      DROP TRIGGER decision_notifies ON decision;
      DROP FUNCTION notify_declined;
      DROP TRIGGER bid_notifies ON bid;
      DROP FUNCTION notify_bid;

      -- A statement that may not be undoes itself and says why.
      CREATE FUNCTION refuse(why text) RETURNS text LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION USING ERRCODE = 'AR001', MESSAGE = why;
        END
      $$;

      -- A bid that is accepted stays what its indexes say of it, and its proposal's key is looked up by the auction: so
      -- the answer is written into the page where the bid stands, and into no index.
      ALTER TABLE bid ADD COLUMN is_live boolean NOT NULL
        GENERATED ALWAYS AS (status IN ('intended', 'sending', 'accepted', 'unknown')) STORED;
      CREATE UNIQUE INDEX bid_only_live_of_auction ON bid (auction_key) WHERE is_live;
      DROP INDEX bid_one_live_per_auction, bid_proposal;
      ALTER INDEX bid_only_live_of_auction RENAME TO bid_one_live_per_auction;
      ALTER TABLE bid SET (fillfactor = 70);
      -- A webhook is changed once, a moment after it came.
      ALTER TABLE webhook_event SET (fillfactor = 75);
      -- Found by the bid.
      DROP INDEX exposure_auction;

      -- What waits is looked at when it is due.
      CREATE INDEX webhook_event_waiting_due ON webhook_event (not_before) WHERE status = 'waiting';

      -- Lost without an answer: nobody knows whether QI had it.
      ALTER TABLE bid DROP CONSTRAINT bid_status_check;
      ALTER TABLE bid ADD CONSTRAINT bid_status_check CHECK (status IN
        ('intended', 'sending', 'accepted', 'rejected', 'unknown', 'unproven', 'withdrawn'));
    `);
  }
}
