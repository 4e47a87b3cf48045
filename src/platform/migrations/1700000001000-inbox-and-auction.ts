import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** The door, the auctions behind it, and the processes that work on them. */
export class InboxAndAuction1700000001000 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE instance (
        id uuid PRIMARY KEY,
        host text NOT NULL,
        role text NOT NULL,
        started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        alive_until timestamptz NOT NULL
      );

      -- A lease is held by a process, not by a row: one heartbeat renews them all, one missed heartbeat frees them all.
      CREATE FUNCTION instance_is_alive(instance_id uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT EXISTS (SELECT FROM instance WHERE id = instance_id AND alive_until > clock_timestamp())
      $$;

      CREATE TABLE webhook_event (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        content_hash bytea NOT NULL UNIQUE CHECK (octet_length(content_hash) = 32),
        received_at timestamptz NOT NULL,
        webhook_type text,
        event_key text,
        event_status text,
        event_at_text text,
        raw_key_id text NOT NULL,
        raw_ciphertext bytea NOT NULL,
        authorization_header text,
        status text NOT NULL CHECK (status IN ('new', 'done', 'parked', 'waiting')),
        reason text CHECK ((reason IS NOT NULL) = (status = 'parked')),
        correlation_key text CHECK (status <> 'waiting' OR correlation_key IS NOT NULL),
        attempts integer NOT NULL DEFAULT 0,
        not_before timestamptz,
        lease_owner uuid,
        handled_at timestamptz
      );
      CREATE INDEX webhook_event_new ON webhook_event (id) WHERE status = 'new';
      CREATE INDEX webhook_event_waiting ON webhook_event (correlation_key) WHERE status = 'waiting';
      CREATE INDEX webhook_event_parked ON webhook_event (id) WHERE status = 'parked';
      CREATE INDEX webhook_event_key ON webhook_event (event_key);
      CREATE INDEX webhook_event_received ON webhook_event (received_at);

      CREATE TABLE auction (
        issuer_proposal_request_key text PRIMARY KEY,
        webhook_event_id bigint NOT NULL REFERENCES webhook_event,
        status text NOT NULL CHECK (status IN
          ('open', 'declined', 'bidding', 'bid', 'rejected', 'missed', 'unknown', 'won', 'lost', 'expired', 'parked')),
        status_reason text,
        received_at timestamptz NOT NULL,
        event_at_text text,
        inclusion_limit_text text,
        expiration_text text,
        deadline_reading text CHECK (deadline_reading IN ('utc', 'America/Sao_Paulo')),
        inclusion_limit_at timestamptz,
        expiration_at timestamptz,
        requested_amount numeric,
        requested_installments integer,
        consigned_credit_balance numeric,
        admission_date date,
        eligible boolean,
        borrower_index bytea,
        employer_index bytea,
        employer_document_type text,
        personal_key_id text NOT NULL,
        personal_ciphertext bytea NOT NULL,
        unreadable_fields jsonb NOT NULL DEFAULT '[]',
        auction_proposal_key text,
        rank_position integer,
        credit_operation_key text,
        lease_owner uuid,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        ended_at timestamptz
      ) WITH (fillfactor = 80);
      CREATE INDEX auction_at_work ON auction (inclusion_limit_at) WHERE status IN ('open', 'bidding');
      CREATE INDEX auction_without_outcome ON auction (expiration_at) WHERE status IN ('bid', 'unknown');
      CREATE INDEX auction_received ON auction (received_at, issuer_proposal_request_key);
      CREATE INDEX auction_borrower ON auction (borrower_index);
      CREATE INDEX auction_employer ON auction (employer_index);

      CREATE TABLE decision (
        auction_key text PRIMARY KEY REFERENCES auction,
        decided_at timestamptz NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('bid', 'no_bid')),
        policy_version text NOT NULL,
        policy_hash text NOT NULL,
        reasons jsonb NOT NULL,
        trace jsonb NOT NULL
      );

      CREATE TABLE bid (
        request_control_key uuid PRIMARY KEY,
        auction_key text NOT NULL REFERENCES auction,
        ordinal integer NOT NULL CHECK (ordinal >= 1),
        status text NOT NULL CHECK (status IN ('intended', 'sending', 'accepted', 'rejected', 'unknown', 'withdrawn')),
        status_reason text,
        monthly_interest_rate numeric NOT NULL CHECK (monthly_interest_rate BETWEEN 0 AND 1),
        number_of_installments integer NOT NULL CHECK (number_of_installments >= 1),
        disbursed_issue_amount numeric NOT NULL CHECK (disbursed_issue_amount > 0),
        installment_face_value numeric NOT NULL CHECK (installment_face_value > 0),
        issue_amount numeric NOT NULL,
        assignment_amount numeric NOT NULL,
        iof_amount numeric NOT NULL,
        monthly_cet numeric NOT NULL,
        disbursement_date date NOT NULL,
        first_due_date date NOT NULL,
        days_to_expiration integer NOT NULL,
        rebates jsonb NOT NULL,
        price_row text NOT NULL,
        submit_by timestamptz NOT NULL,
        auction_proposal_key text,
        rank_position integer,
        simulation jsonb,
        -- Where QI's figures are not ours; null until compared.
        drift jsonb,
        created_at timestamptz NOT NULL,
        submitted_at timestamptz,
        answered_at timestamptz,
        UNIQUE (auction_key, ordinal)
      );
      -- The rule that must never break: while one bid may be live, there is no other.
      CREATE UNIQUE INDEX bid_one_live_per_auction ON bid (auction_key)
        WHERE status IN ('intended', 'sending', 'accepted', 'unknown');
      CREATE INDEX bid_proposal ON bid (auction_proposal_key);

      CREATE TABLE bid_attempt (
        request_control_key uuid NOT NULL REFERENCES bid,
        ordinal integer NOT NULL CHECK (ordinal >= 1),
        sent_at timestamptz NOT NULL,
        answered_at timestamptz NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('accepted', 'rejected', 'not_taken', 'server_error', 'no_answer')),
        http_status integer,
        detail text,
        answer text,
        PRIMARY KEY (request_control_key, ordinal)
      );

      CREATE TABLE kill_switch (
        name text PRIMARY KEY CHECK (name = 'bidding'),
        engaged boolean NOT NULL,
        reason text NOT NULL,
        actor text NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      INSERT INTO kill_switch (name, engaged, reason, actor) VALUES ('bidding', false, 'first start', 'migration');
    `);
  }
}
