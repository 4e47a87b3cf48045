import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Proposals: loans of the products without an auction, from the balance to the debt. */
export class Origination1700000012000 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE proposal (
        id uuid PRIMARY KEY,
        product text NOT NULL CHECK (product IN ('fgts', 'federal_payroll')),
        -- Where it came from: the console, a file, a partner's system.
        channel text NOT NULL,
        status text NOT NULL CHECK (status IN
          ('draft', 'querying', 'balance_failed', 'balance_known', 'not_eligible', 'in_review', 'simulated',
           'offered', 'accepted', 'issuing', 'issued', 'withdrawn')),
        status_since timestamptz NOT NULL,
        failure_code text,
        failure_text text,
        -- The balance is asked for again by itself then.
        retry_at timestamptz,
        borrower_index bytea CHECK (octet_length(borrower_index) = 32),
        -- The borrower's CPF and whatever an issue needs besides, as one document.
        borrower_key_id text NOT NULL,
        borrower_ciphertext bytea NOT NULL,
        wishes jsonb NOT NULL,
        balance_key text,
        balance jsonb,
        balance_at timestamptz,
        decision jsonb,
        policy_version text,
        policy_hash text,
        simulations jsonb,
        offer jsonb,
        offer_expires_at timestamptz,
        disbursed_issue_amount numeric,
        -- Our name for the debt, on disk before it is asked for.
        control_key uuid NOT NULL UNIQUE,
        -- What of the borrower's this loan takes: of FGTS the year of its first withdrawal.
        claim text,
        holds_claim boolean NOT NULL DEFAULT false,
        credit_operation_key text UNIQUE,
        created_by text NOT NULL,
        created_at timestamptz NOT NULL,
        ended_at timestamptz CHECK ((ended_at IS NOT NULL) = (status IN ('issued', 'withdrawn'))),
        CHECK (NOT holds_claim OR claim IS NOT NULL),
        CONSTRAINT proposal_borrower_key_id_bound CHECK (borrower_key_id LIKE '%.bound' OR borrower_ciphertext = ''),
        CHECK (status <> 'issued' OR credit_operation_key IS NOT NULL)
      ) WITH (fillfactor = 80);
      -- One open loan per borrower and competence, whoever tries, from wherever.
      CREATE UNIQUE INDEX proposal_one_claim ON proposal (product, borrower_index, claim) WHERE holds_claim;
      CREATE INDEX proposal_opened ON proposal (created_at, id);
      CREATE INDEX proposal_standing ON proposal (status, status_since);
      CREATE INDEX proposal_borrower ON proposal (borrower_index);
      CREATE INDEX proposal_balance_key ON proposal (balance_key);
      CREATE INDEX proposal_retry ON proposal (retry_at) WHERE retry_at IS NOT NULL;
      CREATE INDEX proposal_offer_expiry ON proposal (offer_expires_at) WHERE status IN ('simulated', 'offered');

      CREATE TABLE proposal_event (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        proposal_id uuid NOT NULL REFERENCES proposal,
        webhook_event_id bigint UNIQUE,
        kind text NOT NULL,
        effect text NOT NULL CHECK (effect IN ('applied', 'noted', 'overtaken')),
        from_status text NOT NULL,
        to_status text NOT NULL,
        actor text,
        summary jsonb NOT NULL DEFAULT '{}',
        personal_key_id text,
        personal_ciphertext bytea,
        event_at_text text,
        recorded_at timestamptz NOT NULL,
        CHECK ((personal_key_id IS NULL) = (personal_ciphertext IS NULL)),
        CONSTRAINT proposal_event_personal_key_id_bound
          CHECK (personal_key_id LIKE '%.bound' OR personal_ciphertext = '')
      );
      CREATE INDEX proposal_event_of ON proposal_event (proposal_id, id);

      CREATE TABLE proposal_command (
        id uuid PRIMARY KEY,
        proposal_id uuid NOT NULL REFERENCES proposal,
        action text NOT NULL CHECK (action IN ('query_balance', 'read_balance', 'cancel_query', 'simulate', 'issue')),
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
        CONSTRAINT proposal_command_body_key_id_bound CHECK (body_key_id LIKE '%.bound' OR body_ciphertext = ''),
        CONSTRAINT proposal_command_answer_key_id_bound CHECK (answer_key_id LIKE '%.bound' OR answer_ciphertext = ''),
        CHECK ((lease_owner IS NOT NULL) <= (status IN ('sending', 'unknown'))),
        CHECK ((settled_at IS NOT NULL) = (status IN ('accepted', 'rejected', 'withdrawn')))
      );
      CREATE UNIQUE INDEX proposal_command_one_live ON proposal_command (proposal_id)
        WHERE status IN ('intended', 'sending', 'unknown');
      -- A debt is made once.
      CREATE UNIQUE INDEX proposal_command_one_issue ON proposal_command (proposal_id)
        WHERE action = 'issue' AND status IN ('intended', 'sending', 'unknown', 'accepted');
      CREATE INDEX proposal_command_due ON proposal_command (not_before)
        WHERE status IN ('intended', 'sending', 'unknown');
      CREATE INDEX proposal_command_of ON proposal_command (proposal_id, created_at);

      -- When the next query of a product may leave: lenders have quotas a second, whatever number of processes they run.
      CREATE TABLE query_pace (
        product text PRIMARY KEY,
        next_at timestamptz NOT NULL
      );

      ALTER TABLE operation_command DROP CONSTRAINT operation_command_action_check;
      ALTER TABLE operation_command ADD CONSTRAINT operation_command_action_check CHECK (action IN
        ('submit_signature', 'authorize', 'resubmit_disbursement', 'cancel_permanently')) NOT VALID;

      ALTER TABLE task ADD COLUMN proposal_id uuid REFERENCES proposal;
      ALTER TABLE task DROP CONSTRAINT task_check;
      ALTER TABLE task ADD CONSTRAINT task_subject
        CHECK (num_nonnulls(credit_operation_key, auction_key, proposal_id) = 1) NOT VALID;
    `);
  }
}
