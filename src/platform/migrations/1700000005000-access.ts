import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Who may come in, and the record of what they did. */
export class Access1700000005000 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Scripts. The token itself is nowhere; whoever holds it is found by its hash.
      CREATE TABLE api_token (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        -- Distinct for ever, revoked tokens included: two eyes are never four.
        actor text NOT NULL UNIQUE,
        token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
        roles text[] NOT NULL CHECK (cardinality(roles) > 0),
        created_by text NOT NULL,
        created_at timestamptz NOT NULL,
        revoked_at timestamptz
      );
      CREATE INDEX api_token_created ON api_token (created_at, id);

      -- Everything people and scripts did, in one chain. Written by AuditTrail alone, never changed by anybody.
      CREATE TABLE audit_event (
        id bigint PRIMARY KEY CHECK (id >= 1),
        at timestamptz NOT NULL CHECK (at = date_trunc('milliseconds', at)),
        actor text NOT NULL,
        action text NOT NULL,
        subject text NOT NULL,
        reason text,
        details jsonb NOT NULL,
        hash bytea NOT NULL CHECK (octet_length(hash) = 32)
      );
      CREATE INDEX audit_event_actor ON audit_event (actor, id);
      CREATE INDEX audit_event_subject ON audit_event (subject, id);

      -- Where the chain ends: without it the last rows could vanish unnoticed. Locked by whoever appends.
      CREATE TABLE audit_head (
        one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
        last_id bigint NOT NULL,
        last_hash bytea NOT NULL
      );
      INSERT INTO audit_head (last_id, last_hash) VALUES (0, decode(repeat('00', 32), 'hex'));

      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END
      $$;
      CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE ON audit_head
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    `);
  }
}
