import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Rates learnt from wins and losses: what became of bids, the versions made of it, and how far they have come. */
export class RateModels1700000013300 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- One row for each decision under a mandate, kept beside the tables that work by a job. Nothing here is of a person.
      CREATE TABLE rate_model_observation (
        auction_key text PRIMARY KEY,
        -- Of the decision, in São Paulo.
        day date NOT NULL,
        decided_at timestamptz NOT NULL,
        -- Cells of the same hash are the same.
        segments text NOT NULL,
        cell smallint NOT NULL,
        price_row text,
        version text,
        lane text NOT NULL CHECK (lane IN ('control', 'shadow', 'table', 'canary', 'learned')),
        fallback text,
        reference_bp integer NOT NULL,
        -- Empty: no rate was worth bidding.
        rate_bp integer,
        -- Of a learned bid, what it was drawn from; in ten thousandths, the lowest arm first.
        centre_bp integer,
        arm smallint NOT NULL,
        step_bp smallint NOT NULL,
        propensities smallint[] NOT NULL CHECK (cardinality(propensities) = 5),
        -- In cents.
        amount bigint NOT NULL,
        term smallint NOT NULL,
        ended text NOT NULL CHECK (ended IN ('pending', 'not_bid', 'won', 'lost', 'unknown')),
        rank smallint,
        -- Empty: not known yet.
        accepted boolean,
        paid boolean,
        -- Why nothing is learnt from it.
        refused text,
        CHECK (ended = 'won' OR num_nonnulls(accepted, paid) = 0)
      ) WITH (fillfactor = 85);
      CREATE INDEX rate_model_observation_day ON rate_model_observation (segments, day);
      CREATE INDEX rate_model_observation_open ON rate_model_observation (decided_at)
        WHERE ended = 'pending' OR (ended = 'won' AND paid IS NULL);

      CREATE TABLE rate_model_progress (
        one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
        decided_through timestamptz NOT NULL DEFAULT '-infinity'
      );
      INSERT INTO rate_model_progress DEFAULT VALUES;

      CREATE TABLE rate_model_version (
        number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        -- SHA-256 of the document's bytes.
        hash text NOT NULL UNIQUE CHECK (hash ~ '^[0-9a-f]{64}$'),
        document text NOT NULL,
        policy_hash text NOT NULL,
        segments text NOT NULL,
        trained_through date NOT NULL,
        parent text REFERENCES rate_model_version (hash),
        -- What its night found, for people: counts, calibration, margins, how far it moved.
        figures jsonb NOT NULL,
        made_at timestamptz NOT NULL,
        state text NOT NULL CHECK (state IN ('waiting', 'in_force', 'retired')),
        stage text NOT NULL CHECK (stage IN ('shadow', 'canary', 'active')),
        stage_since date NOT NULL,
        -- Why it waits for a person.
        waits_for text[] NOT NULL DEFAULT '{}',
        approved_by text,
        approved_at timestamptz,
        CHECK (num_nonnulls(approved_by, approved_at) IN (0, 2)),
        CHECK (state <> 'waiting' OR cardinality(waits_for) > 0)
      );
      CREATE UNIQUE INDEX rate_model_one_in_force ON rate_model_version ((true)) WHERE state = 'in_force';

      CREATE FUNCTION guard_rate_model_version() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'rate model version % stays', OLD.number; END IF;
          IF (OLD.number, OLD.hash, OLD.document, OLD.policy_hash, OLD.segments, OLD.trained_through, OLD.parent, OLD.figures,
              OLD.made_at, OLD.stage, OLD.stage_since, OLD.waits_for)
             IS DISTINCT FROM
             (NEW.number, NEW.hash, NEW.document, NEW.policy_hash, NEW.segments, NEW.trained_through, NEW.parent, NEW.figures,
              NEW.made_at, NEW.stage, NEW.stage_since, NEW.waits_for) THEN
            RAISE EXCEPTION 'rate model version % never changes', OLD.number;
          END IF;
          IF OLD.state <> NEW.state AND NOT (OLD.state || '>' || NEW.state) = ANY
             (ARRAY['waiting>in_force', 'waiting>retired', 'in_force>retired']) THEN
            RAISE EXCEPTION 'rate model version % cannot go from % to %', OLD.number, OLD.state, NEW.state;
          END IF;
          RETURN NEW;
        END
      $$;
      CREATE TRIGGER rate_model_version_guard BEFORE UPDATE OR DELETE ON rate_model_version
        FOR EACH ROW EXECUTE FUNCTION guard_rate_model_version();
      CREATE TRIGGER rate_model_version_stays BEFORE TRUNCATE ON rate_model_version
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- Whether learned rates are bid at all: what is returned to the table stays there until two people say otherwise.
      CREATE TABLE rate_model_line (
        one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
        returned_at timestamptz,
        returned_by text,
        -- A code of the closed list, or of a person who said why.
        returned_for text,
        returned_reason text,
        resume_asked_by text,
        resume_asked_at timestamptz,
        resume_reason text,
        -- Margins are held against the control from here on.
        resumed_on date,
        CHECK (num_nonnulls(returned_at, returned_by, returned_for, returned_reason) IN (0, 4)),
        CHECK (num_nonnulls(resume_asked_by, resume_asked_at, resume_reason) IN (0, 3)),
        CHECK (resume_asked_at IS NULL OR returned_at IS NOT NULL)
      );
      INSERT INTO rate_model_line DEFAULT VALUES;

      -- A night's work, and what came of it. One for each policy and day; another order runs it again.
      CREATE TABLE rate_model_run (
        id uuid PRIMARY KEY,
        policy_hash text NOT NULL,
        day date NOT NULL,
        state text NOT NULL CHECK (state IN ('ordered', 'running', 'made', 'refused', 'failed')),
        reason text,
        version text REFERENCES rate_model_version (hash),
        ordered_by text,
        ordered_at timestamptz NOT NULL,
        finished_at timestamptz,
        lease_owner uuid,
        CHECK ((state IN ('refused', 'failed')) = (reason IS NOT NULL)),
        CHECK (state <> 'made' OR version IS NOT NULL)
      );
      CREATE UNIQUE INDEX rate_model_run_once ON rate_model_run (policy_hash, day);
    `);
  }
}
