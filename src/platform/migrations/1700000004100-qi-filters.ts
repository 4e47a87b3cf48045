import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Every filter we ever asked QI to set, as it was sent. */
export class QiFilters1700000004100 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE qi_filter_change (
        id uuid PRIMARY KEY,
        ordinal bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        -- stop: one person makes QI send no request any more. change: one asks, another sends.
        kind text NOT NULL CHECK (kind IN ('change', 'stop')),
        status text NOT NULL CHECK (status IN ('proposed', 'sending', 'unknown', 'sent', 'rejected', 'withdrawn')),
        -- JSON, digit for digit as it goes over the wire.
        body text NOT NULL,
        reason text NOT NULL,
        policy_version text NOT NULL,
        policy_hash text NOT NULL,
        proposed_by text NOT NULL,
        proposed_at timestamptz NOT NULL,
        sent_by text,
        sent_at timestamptz,
        lease_owner uuid CHECK ((lease_owner IS NOT NULL) = (status = 'sending')),
        settled_at timestamptz CHECK ((settled_at IS NOT NULL) = (status IN ('sent', 'rejected', 'withdrawn'))),
        http_status integer,
        answer text,
        CONSTRAINT four_eyes CHECK (kind = 'stop' OR sent_by IS NULL OR sent_by <> proposed_by),
        CHECK ((sent_by IS NULL) = (sent_at IS NULL)),
        CHECK (status IN ('proposed', 'withdrawn') OR sent_by IS NOT NULL)
      );
      CREATE UNIQUE INDEX qi_filter_one_open ON qi_filter_change ((true)) WHERE status IN ('proposed', 'sending', 'unknown');
      CREATE INDEX qi_filter_sent ON qi_filter_change (ordinal) WHERE status = 'sent';
    `);
  }
}
