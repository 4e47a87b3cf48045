import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Loans after the win, what we ask of QI about them, and what waits for people. */
export class Operation1700000002000 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE operation (
        credit_operation_key text PRIMARY KEY CHECK (credit_operation_key <> ''),
        product text NOT NULL DEFAULT 'private_payroll',
        -- Unknown until it is linked: webhooks may come before the end_of_auction that says where it is from.
        origin text CHECK (origin IN ('auction', 'active')),
        status text NOT NULL CHECK (status IN
          ('awaiting_signature', 'signature_failed', 'signed', 'awaiting_authorization', 'authorized',
           'reservation_retrying', 'reservation_failed', 'parked', 'reserved', 'disbursement_failed',
           'disbursed', 'canceling', 'canceled_permanently')),
        status_since timestamptz NOT NULL,
        -- The latest refusal or failure QI told us, in its own code.
        failure_code text,
        auction_key text,
        auction_proposal_key text,
        request_control_key uuid,
        borrower_index bytea CHECK (octet_length(borrower_index) = 32),
        borrower_key_id text,
        borrower_ciphertext bytea,
        disbursed_issue_amount numeric,
        installment_face_value numeric,
        number_of_installments integer,
        monthly_interest_rate numeric CHECK (monthly_interest_rate BETWEEN 0 AND 1),
        opened_at timestamptz NOT NULL,
        linked_at timestamptz,
        ended_at timestamptz CHECK ((ended_at IS NOT NULL) = (status IN ('disbursed', 'canceled_permanently'))),
        CHECK ((origin = 'auction') IS NOT TRUE OR auction_key IS NOT NULL),
        CHECK ((borrower_key_id IS NULL) = (borrower_ciphertext IS NULL))
      ) WITH (fillfactor = 80);
      CREATE INDEX operation_opened ON operation (opened_at, credit_operation_key);
      CREATE INDEX operation_standing ON operation (status, status_since);
      CREATE INDEX operation_unlinked ON operation (opened_at) WHERE origin IS NULL;
      CREATE INDEX operation_auction ON operation (auction_key);
      CREATE INDEX operation_borrower ON operation (borrower_index);

      -- Everything that was heard, asked and decided about an operation, in order of receipt. Never changed.
      CREATE TABLE operation_event (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        credit_operation_key text NOT NULL REFERENCES operation,
        -- One webhook is applied once. Null for what we did ourselves.
        webhook_event_id bigint UNIQUE,
        kind text NOT NULL,
        effect text NOT NULL CHECK (effect IN ('applied', 'noted', 'overtaken', 'impossible')),
        from_status text NOT NULL,
        to_status text NOT NULL,
        contradiction boolean NOT NULL DEFAULT false,
        actor text,
        summary jsonb NOT NULL DEFAULT '{}',
        personal_key_id text,
        personal_ciphertext bytea,
        event_at_text text,
        recorded_at timestamptz NOT NULL,
        CHECK ((personal_key_id IS NULL) = (personal_ciphertext IS NULL))
      );
      CREATE INDEX operation_event_of ON operation_event (credit_operation_key, id);

      -- One thing to ask of QI. The row is the job: committed as sending before the call, settled after it.
      CREATE TABLE operation_command (
        id uuid PRIMARY KEY,
        credit_operation_key text NOT NULL REFERENCES operation,
        action text NOT NULL CHECK (action IN ('authorize', 'resubmit_disbursement', 'cancel_permanently')),
        status text NOT NULL CHECK (status IN ('intended', 'sending', 'unknown', 'accepted', 'rejected', 'withdrawn')),
        actor text NOT NULL,
        body_key_id text,
        body_ciphertext bytea,
        attempts integer NOT NULL DEFAULT 0,
        not_before timestamptz NOT NULL,
        lease_owner uuid,
        created_at timestamptz NOT NULL,
        sent_at timestamptz,
        settled_at timestamptz,
        settled_by text,
        http_status integer,
        answer_code text,
        answer_text text,
        answer_key_id text,
        answer_ciphertext bytea,
        CHECK ((lease_owner IS NOT NULL) <= (status IN ('sending', 'unknown'))),
        CHECK ((settled_at IS NOT NULL) = (status IN ('accepted', 'rejected', 'withdrawn')))
      );
      -- Two operators, or an operator and the policy, can never send two.
      CREATE UNIQUE INDEX operation_command_one_live ON operation_command (credit_operation_key)
        WHERE status IN ('intended', 'sending', 'unknown');
      -- Binding a margin happens once.
      CREATE UNIQUE INDEX operation_command_one_authorization ON operation_command (credit_operation_key)
        WHERE action = 'authorize' AND status IN ('intended', 'sending', 'unknown', 'accepted');
      CREATE INDEX operation_command_due ON operation_command (not_before)
        WHERE status IN ('intended', 'sending', 'unknown');
      CREATE INDEX operation_command_of ON operation_command (credit_operation_key, created_at);

      -- What needs two people. The one who asks is never the one who decides.
      CREATE TABLE approval (
        id uuid PRIMARY KEY,
        credit_operation_key text NOT NULL REFERENCES operation,
        action text NOT NULL CHECK (action IN ('cancel_permanently')),
        reason text NOT NULL,
        status text NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'withdrawn')),
        requested_by text NOT NULL,
        requested_at timestamptz NOT NULL,
        decided_by text,
        decided_at timestamptz,
        note text,
        command_id uuid REFERENCES operation_command,
        CONSTRAINT four_eyes CHECK (status NOT IN ('approved', 'rejected') OR decided_by <> requested_by),
        CHECK ((status = 'pending') = (decided_at IS NULL)),
        CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
        CHECK ((status = 'approved') = (command_id IS NOT NULL))
      );
      CREATE UNIQUE INDEX approval_one_pending ON approval (credit_operation_key, action) WHERE status = 'pending';
      CREATE INDEX approval_requested ON approval (requested_at, id);

      CREATE TABLE task (
        id uuid PRIMARY KEY,
        kind text NOT NULL,
        credit_operation_key text REFERENCES operation,
        auction_key text REFERENCES auction,
        reason_code text NOT NULL,
        message text NOT NULL,
        amount_at_stake numeric,
        due_at timestamptz NOT NULL,
        status text NOT NULL CHECK (status IN ('open', 'claimed', 'resolved')),
        owner text,
        snoozed_until timestamptz,
        resolution text,
        resolved_by text,
        opened_at timestamptz NOT NULL,
        resolved_at timestamptz,
        version integer NOT NULL DEFAULT 1,
        CHECK (num_nonnulls(credit_operation_key, auction_key) = 1),
        CHECK (status <> 'claimed' OR owner IS NOT NULL),
        CHECK (status <> 'open' OR owner IS NULL),
        CHECK ((status = 'resolved') = (resolved_at IS NOT NULL)),
        CHECK ((resolved_at IS NULL) = (resolved_by IS NULL))
      );
      CREATE UNIQUE INDEX task_one_per_kind ON task (credit_operation_key, kind) WHERE status <> 'resolved';
      CREATE UNIQUE INDEX task_one_per_auction ON task (auction_key, kind) WHERE status <> 'resolved';
      -- A change of QI's arithmetic shows in every bid: one task for all of them.
      CREATE UNIQUE INDEX task_one_drift ON task (kind) WHERE kind = 'pricing_drift' AND status <> 'resolved';
      CREATE INDEX task_queue ON task (due_at, id) WHERE status <> 'resolved';
      CREATE INDEX task_opened ON task (opened_at, id);

      CREATE TABLE task_history (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        task_id uuid NOT NULL REFERENCES task,
        action text NOT NULL CHECK (action IN ('opened', 'renewed', 'claimed', 'released', 'snoozed', 'resolved')),
        actor text NOT NULL,
        note text,
        at timestamptz NOT NULL
      );
      CREATE INDEX task_history_of ON task_history (task_id, id);

      -- The first answer to a request that carried an Idempotency-Key, given again to its repetitions.
      CREATE TABLE idempotent_request (
        actor text NOT NULL,
        idempotency_key text NOT NULL,
        request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
        http_status integer NOT NULL,
        answer jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (actor, idempotency_key)
      );
    `);
  }
}
