import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** People, how they prove who they are, and for how long it is believed. */
export class UsersAndSessions1700000005200 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Never deleted, only disabled: the audit trail speaks of them by name.
      CREATE TABLE app_user (
        id uuid PRIMARY KEY,
        username text NOT NULL UNIQUE CHECK (username = lower(username) AND username <> ''),
        roles text[] NOT NULL CHECK (cardinality(roles) > 0),
        password_hash text,
        totp_key_id text,
        totp_ciphertext bytea,
        -- A one-time code is accepted once: only codes of later 30-second steps than this.
        totp_last_step bigint NOT NULL DEFAULT 0,
        -- Issuer and subject of the identity provider's account, from its first sign-in on.
        oidc_subject text UNIQUE,
        created_by text NOT NULL,
        created_at timestamptz NOT NULL,
        disabled_at timestamptz,
        CHECK ((totp_key_id IS NULL) = (totp_ciphertext IS NULL)),
        CHECK ((password_hash IS NULL) = (totp_key_id IS NULL))
      );

      -- A link with which somebody sets a password once. Without a user: for the first administrator.
      CREATE TABLE invitation (
        token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
        user_id uuid REFERENCES app_user,
        totp_key_id text NOT NULL,
        totp_ciphertext bytea NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz
      );
      CREATE INDEX invitation_of ON invitation (user_id) WHERE ended_at IS NULL;

      CREATE TABLE session (
        id uuid PRIMARY KEY,
        token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
        user_id uuid NOT NULL REFERENCES app_user,
        method text NOT NULL CHECK (method IN ('password', 'oidc')),
        created_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz
      );
      CREATE INDEX session_of ON session (user_id) WHERE ended_at IS NULL;

      -- Failed sign-ins by name and by address, whether or not there is such a user.
      CREATE TABLE sign_in_throttle (
        subject text PRIMARY KEY,
        failures integer NOT NULL,
        -- Forgotten after this; refused until then when there were too many.
        until timestamptz NOT NULL
      );
    `);
  }
}
