import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Policies and their life, the lists they refer to, and what is needed to decide anything again. */
export class Policy1700000007000 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Lists kept outside the policies, addressed by the SHA-256 of their sorted entries. Entries are personal: encrypted.
      CREATE TABLE policy_list (
        sha256 text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
        field text NOT NULL,
        size integer NOT NULL CHECK (size >= 0),
        source text NOT NULL,
        imported_by text NOT NULL,
        imported_at timestamptz NOT NULL
      );
      CREATE TABLE policy_list_chunk (
        sha256 text NOT NULL REFERENCES policy_list,
        ordinal integer NOT NULL,
        key_id text NOT NULL,
        ciphertext bytea NOT NULL,
        PRIMARY KEY (sha256, ordinal)
      );

      CREATE TABLE policy_version (
        number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        -- Of the canonical document and its lists. A draft's changes with every save; it is the draft's ETag.
        hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
        document text NOT NULL,
        lists jsonb NOT NULL DEFAULT '{}',
        state text NOT NULL CHECK (state IN ('draft', 'in_review', 'approved', 'scheduled', 'active', 'retired')),
        based_on integer REFERENCES policy_version,
        -- Everybody who wrote a part of it, the first one first.
        authors text[] NOT NULL CHECK (cardinality(authors) > 0),
        approver text,
        shadow boolean NOT NULL DEFAULT false CHECK (NOT shadow OR state IN ('approved', 'scheduled')),
        activate_at timestamptz CHECK ((activate_at IS NOT NULL) = (state = 'scheduled')),
        scheduled_by text CHECK ((scheduled_by IS NOT NULL) = (state = 'scheduled')),
        created_at timestamptz NOT NULL,
        changed_at timestamptz NOT NULL,
        submitted_at timestamptz,
        approved_at timestamptz CHECK ((approved_at IS NOT NULL) = (approver IS NOT NULL)),
        -- Four eyes, whatever the service thinks. Only the version a new database begins with was approved by nobody.
        CONSTRAINT policy_author_is_not_approver CHECK (approver <> ALL (authors)),
        CONSTRAINT policy_approved_by_somebody CHECK (
          (approver IS NOT NULL) = (state NOT IN ('draft', 'in_review')) OR authors = ARRAY['seed'])
      );
      CREATE UNIQUE INDEX policy_one_active ON policy_version ((true)) WHERE state = 'active';
      CREATE UNIQUE INDEX policy_version_hash ON policy_version (hash) WHERE state <> 'draft';
      CREATE INDEX policy_scheduled ON policy_version (activate_at) WHERE state = 'scheduled';

      CREATE FUNCTION guard_policy_version() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
          steps CONSTANT text[] := ARRAY['draft>in_review', 'in_review>draft', 'in_review>approved',
            'approved>scheduled', 'scheduled>approved', 'approved>active', 'scheduled>active', 'active>retired',
            'retired>active'];
        BEGIN
          IF TG_OP = 'DELETE' THEN
            IF OLD.state = 'draft' THEN RETURN OLD; END IF;
            RAISE EXCEPTION 'policy version % is not a draft and stays', OLD.number;
          END IF;
          IF OLD.state <> NEW.state AND NOT (OLD.state || '>' || NEW.state) = ANY (steps) THEN
            RAISE EXCEPTION 'policy version % cannot go from % to %', OLD.number, OLD.state, NEW.state;
          END IF;
          IF OLD.state <> 'draft' AND
             (OLD.hash, OLD.document, OLD.lists, OLD.authors) IS DISTINCT FROM
             (NEW.hash, NEW.document, NEW.lists, NEW.authors) THEN
            RAISE EXCEPTION 'policy version % is no draft: its content never changes', OLD.number;
          END IF;
          IF OLD.approver IS NOT NULL AND OLD.approver IS DISTINCT FROM NEW.approver THEN
            RAISE EXCEPTION 'policy version % keeps its approver', OLD.number;
          END IF;
          RETURN NEW;
        END
      $$;
      CREATE TRIGGER policy_version_guard BEFORE UPDATE OR DELETE ON policy_version
        FOR EACH ROW EXECUTE FUNCTION guard_policy_version();
      CREATE TRIGGER policy_version_stays BEFORE TRUNCATE ON policy_version
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- Which version decided from when on, who put it there and why.
      CREATE TABLE policy_activation (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        number integer NOT NULL REFERENCES policy_version,
        hash text NOT NULL,
        replaced integer REFERENCES policy_version,
        activated_at timestamptz NOT NULL,
        actor text NOT NULL,
        reason text NOT NULL
      );
      CREATE TRIGGER policy_activation_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON policy_activation
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- A backtest asked for, under way, or done: job and report in one row.
      CREATE TABLE backtest_report (
        id uuid PRIMARY KEY,
        candidate_hash text NOT NULL,
        baseline_hash text NOT NULL,
        received_from timestamptz NOT NULL,
        received_before timestamptz NOT NULL,
        state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'canceled')),
        requested_by text NOT NULL,
        requested_at timestamptz NOT NULL,
        requests_total integer,
        requests_done integer NOT NULL DEFAULT 0,
        failure text CHECK ((failure IS NOT NULL) = (state = 'failed')),
        figures jsonb CHECK ((figures IS NOT NULL) = (state = 'done')),
        finished_at timestamptz CHECK ((finished_at IS NOT NULL) = (state IN ('done', 'failed', 'canceled'))),
        lease_owner uuid,
        CHECK (received_from < received_before)
      );
      CREATE INDEX backtest_report_candidate ON backtest_report (candidate_hash) WHERE state = 'done';
      CREATE INDEX backtest_report_at_work ON backtest_report (requested_at) WHERE state IN ('queued', 'running');

      -- With the stored request, everything a decision depended on; and the SHA-256 of all it came to, terms included.
      ALTER TABLE decision ADD context jsonb, ADD output_sha256 text;
      CREATE INDEX decision_policy ON decision (policy_hash);

      -- What an approved version would have decided beside the active one. Never sent.
      CREATE TABLE shadow_decision (
        auction_key text NOT NULL REFERENCES auction,
        policy_hash text NOT NULL,
        decided_at timestamptz NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('bid', 'no_bid', 'failed')),
        reasons jsonb NOT NULL,
        terms jsonb,
        PRIMARY KEY (policy_hash, auction_key)
      );
    `);
  }
}
