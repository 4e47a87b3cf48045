import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** What waits, is stuck or is to be forgotten is found without reading what is not. */
export class WhatStandsStill1700000010300 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Waiting webhooks, longest first: few, however many are stored.
      CREATE INDEX webhook_event_waiting_since ON webhook_event (received_at) WHERE status = 'waiting';

      CREATE INDEX export_ended ON export (ended_at) WHERE ended_at IS NOT NULL;

      -- An auction that is still at work long after its limit is a gap too: one of ours. QI is not asked about it.
      ALTER TABLE reconciliation_gap DROP CONSTRAINT reconciliation_gap_kind_check;
      ALTER TABLE reconciliation_gap ADD CONSTRAINT reconciliation_gap_kind_check CHECK (kind IN
        ('auction_without_end', 'auction_stuck', 'operation_without_news', 'webhook_undelivered'));
      -- It may be stuck, go on, and be stuck again.
      DROP INDEX reconciliation_gap_once;
      CREATE UNIQUE INDEX reconciliation_gap_once ON reconciliation_gap (kind, key)
        WHERE kind IN ('auction_without_end', 'webhook_undelivered');
      CREATE UNIQUE INDEX reconciliation_gap_stuck_once ON reconciliation_gap (key)
        WHERE kind = 'auction_stuck' AND closed_at IS NULL;
    `);
  }
}
