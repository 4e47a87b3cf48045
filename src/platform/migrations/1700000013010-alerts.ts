import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** People are told too: by e-mail, Slack and Teams, of what is wrong now; who has it in hand, and who is left in peace at night. */
export class Alerts1700000013010 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- The secret of a Slack or Teams channel is its address, of which url keeps the host alone; an e-mail has recipients.
      ALTER TABLE notification_endpoint
        ADD COLUMN channel text NOT NULL DEFAULT 'webhook',
        ADD COLUMN quiet_from text,
        ADD COLUMN quiet_until text;
      ALTER TABLE notification_endpoint
        ADD CONSTRAINT notification_endpoint_channel CHECK (channel IN ('webhook', 'email', 'slack', 'teams')) NOT VALID,
        ADD CONSTRAINT notification_endpoint_quiet CHECK (num_nonnulls(quiet_from, quiet_until) IN (0, 2)) NOT VALID;

      CREATE TABLE mail_server (
        id text PRIMARY KEY CHECK (id = 'mail'),
        host text NOT NULL,
        port integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
        security text NOT NULL CHECK (security IN ('tls', 'starttls', 'none')),
        sender text NOT NULL,
        username text NOT NULL,
        password_key_id text NOT NULL,
        password_ciphertext bytea NOT NULL,
        changed_by text NOT NULL,
        changed_at timestamptz NOT NULL,
        CONSTRAINT mail_server_password_key_id_bound CHECK (password_key_id LIKE '%.bound' OR password_ciphertext = '')
      );

      CREATE TABLE alert (
        id uuid PRIMARY KEY,
        kind text NOT NULL,
        -- Which of its kind: a host, a limit, what waits. Empty where there is one at most.
        subject text NOT NULL,
        severity text NOT NULL CHECK (severity IN ('critical', 'warning')),
        since timestamptz NOT NULL,
        count integer,
        detail text,
        raised_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        told_at timestamptz NOT NULL,
        resolved_at timestamptz,
        acknowledged_by text,
        acknowledged_at timestamptz,
        CHECK (num_nonnulls(acknowledged_by, acknowledged_at) IN (0, 2))
      );
      CREATE UNIQUE INDEX alert_open ON alert (kind, subject) WHERE resolved_at IS NULL;
      CREATE INDEX alert_resolved ON alert (resolved_at) WHERE resolved_at IS NOT NULL;
    `);
  }
}
