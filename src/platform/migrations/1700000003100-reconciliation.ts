import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** What never reached us, and what was done to get it. */
export class Reconciliation1700000003100 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- One row per run; the open one is the lease: one process at a time.
      CREATE TABLE reconciliation_run (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        started_by text NOT NULL,
        lease_owner uuid NOT NULL,
        started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        ended_at timestamptz,
        result text CHECK (result IN ('done', 'limit_of_calls', 'qi_unavailable', 'failed', 'abandoned')),
        -- Up to here QI's list of failed notifications has been read.
        scanned_until timestamptz,
        gaps_found integer NOT NULL DEFAULT 0,
        gaps_closed integer NOT NULL DEFAULT 0,
        calls integer NOT NULL DEFAULT 0,
        resent integer NOT NULL DEFAULT 0,
        refused integer NOT NULL DEFAULT 0,
        CHECK ((ended_at IS NULL) = (result IS NULL))
      );
      CREATE UNIQUE INDEX reconciliation_run_one_open ON reconciliation_run ((true)) WHERE ended_at IS NULL;
      CREATE INDEX reconciliation_run_scanned ON reconciliation_run (scanned_until);

      CREATE TABLE reconciliation_gap (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('auction_without_end', 'operation_without_news', 'webhook_undelivered')),
        -- The auction's, the operation's, or that of QI's notification.
        key text NOT NULL,
        -- What QI calls the notifications' origin.
        origin_keys text[] NOT NULL,
        callback_key text CHECK ((callback_key IS NOT NULL) = (kind = 'webhook_undelivered')),
        -- Notifications older than this cannot close it.
        since timestamptz NOT NULL,
        found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        asked integer NOT NULL DEFAULT 0,
        -- Keys of the notifications that QI was asked to send again.
        resent text[] NOT NULL DEFAULT '{}',
        next_ask_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        closed_at timestamptz,
        closed_as text CHECK (closed_as IN ('arrived', 'given_up')),
        CHECK ((closed_at IS NULL) = (closed_as IS NULL))
      );
      -- What was given up is not found again; a loan may stand still in one status after another.
      CREATE UNIQUE INDEX reconciliation_gap_once ON reconciliation_gap (kind, key)
        WHERE kind <> 'operation_without_news';
      CREATE UNIQUE INDEX reconciliation_gap_once_per_status ON reconciliation_gap (kind, key, since)
        WHERE kind = 'operation_without_news';
      CREATE INDEX reconciliation_gap_due ON reconciliation_gap (next_ask_at) WHERE closed_at IS NULL;
      CREATE INDEX reconciliation_gap_key ON reconciliation_gap (key);

      CREATE INDEX auction_without_end ON auction (inclusion_limit_at) WHERE status IN ('bid', 'unknown', 'expired');
    `);
  }
}
