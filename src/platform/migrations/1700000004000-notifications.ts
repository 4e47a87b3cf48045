import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** What we tell others: their endpoints, the outbox, and the record of every attempt. */
export class Notifications1700000004000 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE notification_endpoint (
        id uuid PRIMARY KEY,
        url text NOT NULL,
        description text NOT NULL,
        event_types text[] NOT NULL CHECK (cardinality(event_types) > 0),
        enabled boolean NOT NULL,
        disabled_reason text CHECK (disabled_reason IS NULL OR NOT enabled),
        secret_key_id text NOT NULL,
        secret_ciphertext bytea NOT NULL,
        -- After a rotation the former secret signs too, for a while.
        former_secret_key_id text,
        former_secret_ciphertext bytea,
        former_secret_until timestamptz,
        created_by text NOT NULL,
        created_at timestamptz NOT NULL,
        -- Never deleted: its log stays readable.
        removed_at timestamptz,
        CHECK (num_nonnulls(former_secret_key_id, former_secret_ciphertext, former_secret_until) IN (0, 3)),
        CHECK (removed_at IS NULL OR NOT enabled)
      );
      CREATE INDEX notification_endpoint_created ON notification_endpoint (created_at, id);

      -- What happened, told in the transaction in which it happened. Nothing personal.
      CREATE TABLE notification_event (
        id uuid PRIMARY KEY,
        type text NOT NULL,
        subject text NOT NULL,
        occurred_at timestamptz NOT NULL,
        data jsonb NOT NULL
      );
      CREATE INDEX notification_event_occurred ON notification_event (occurred_at);

      -- One event for one endpoint: the row is the job. No foreign key to the endpoint, which is never deleted: every
      -- decision of an auction would lock the same row.
      CREATE TABLE notification_delivery (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id uuid NOT NULL REFERENCES notification_event ON DELETE CASCADE,
        endpoint_id uuid NOT NULL,
        status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'delivered', 'given_up', 'withdrawn')),
        -- Since it was last sent by hand.
        attempts integer NOT NULL DEFAULT 0,
        not_before timestamptz NOT NULL DEFAULT clock_timestamp(),
        lease_owner uuid CHECK (lease_owner IS NULL OR status = 'waiting'),
        settled_at timestamptz CHECK ((settled_at IS NULL) = (status = 'waiting')),
        UNIQUE (event_id, endpoint_id)
      ) WITH (fillfactor = 80);
      CREATE INDEX notification_delivery_due ON notification_delivery (endpoint_id, not_before) WHERE status = 'waiting';
      CREATE INDEX notification_delivery_held ON notification_delivery (endpoint_id, lease_owner)
        WHERE lease_owner IS NOT NULL;
      CREATE INDEX notification_delivery_of ON notification_delivery (endpoint_id, id);

      CREATE TABLE notification_attempt (
        delivery_id bigint NOT NULL REFERENCES notification_delivery ON DELETE CASCADE,
        sent_at timestamptz NOT NULL,
        duration_ms integer NOT NULL,
        http_status integer,
        -- Why there was no answer: a code, never the endpoint's own words.
        error text,
        CHECK (num_nonnulls(http_status, error) = 1)
      );
      CREATE INDEX notification_attempt_of ON notification_attempt (delivery_id, sent_at);

      -- Writes nothing while nobody listens to this type; a disabled endpoint listens and gets it later. In plpgsql, whose plans are kept.
      CREATE FUNCTION notify_endpoints(event_type text, event_subject text, event_data jsonb) RETURNS void
      LANGUAGE plpgsql AS $$
        DECLARE
          fresh_id uuid := gen_random_uuid();
        BEGIN
          IF NOT EXISTS (SELECT FROM notification_endpoint
                         WHERE removed_at IS NULL AND event_type = ANY (event_types)) THEN
            RETURN;
          END IF;
          INSERT INTO notification_event (id, type, subject, occurred_at, data)
          VALUES (fresh_id, event_type, event_subject, clock_timestamp(), event_data);
          INSERT INTO notification_delivery (event_id, endpoint_id)
          SELECT fresh_id, id FROM notification_endpoint
          WHERE removed_at IS NULL AND event_type = ANY (event_types);
        END
      $$;
    `);
    await queryRunner.query(`
      -- Every trigger has its condition in WHEN, so that an update that is no news costs no function call.
      CREATE FUNCTION notify_declined() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM notify_endpoints('auction.decided', NEW.auction_key, jsonb_build_object(
            'issuer_proposal_request_key', NEW.auction_key, 'outcome', NEW.outcome,
            'policy_version', NEW.policy_version, 'reasons', jsonb_path_query_array(NEW.reasons, '$[*].code')));
          RETURN NULL;
        END
      $$;
      CREATE TRIGGER decision_notifies AFTER INSERT ON decision
        FOR EACH ROW WHEN (NEW.outcome = 'no_bid') EXECUTE FUNCTION notify_declined();

      -- A decision to bid is told with its bid, which follows it in the same transaction.
      CREATE FUNCTION notify_bid() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM notify_endpoints('auction.decided', NEW.auction_key, jsonb_build_object(
            'issuer_proposal_request_key', NEW.auction_key, 'outcome', 'bid',
            'policy_version', d.policy_version, 'reasons', jsonb_path_query_array(d.reasons, '$[*].code'),
            'request_control_key', NEW.request_control_key, 'monthly_interest_rate', NEW.monthly_interest_rate::text,
            'number_of_installments', NEW.number_of_installments,
            'disbursed_issue_amount', NEW.disbursed_issue_amount::text,
            'installment_face_value', NEW.installment_face_value::text))
          FROM decision d WHERE d.auction_key = NEW.auction_key;
          RETURN NULL;
        END
      $$;
      CREATE TRIGGER bid_notifies AFTER INSERT ON bid
        FOR EACH ROW WHEN (NEW.ordinal = 1) EXECUTE FUNCTION notify_bid();

      CREATE FUNCTION notify_auction_end() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM notify_endpoints('auction.' || NEW.status, NEW.issuer_proposal_request_key, jsonb_build_object(
            'issuer_proposal_request_key', NEW.issuer_proposal_request_key,
            'auction_proposal_key', NEW.auction_proposal_key, 'rank_position', NEW.rank_position,
            'credit_operation_key', NEW.credit_operation_key));
          RETURN NULL;
        END
      $$;
      CREATE TRIGGER auction_notifies AFTER UPDATE OF status ON auction
        FOR EACH ROW WHEN (NEW.status IN ('won', 'lost') AND NEW.status <> OLD.status)
        EXECUTE FUNCTION notify_auction_end();

      CREATE FUNCTION notify_operation() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM notify_endpoints(
            CASE NEW.status WHEN 'disbursed' THEN 'operation.disbursed' ELSE 'operation.failed' END,
            NEW.credit_operation_key, jsonb_build_object(
            'credit_operation_key', NEW.credit_operation_key, 'issuer_proposal_request_key', NEW.auction_key,
            'request_control_key', NEW.request_control_key, 'status', NEW.status,
            -- QI's enumerator; anything else might be prose about a person.
            'failure_code', substring(NEW.failure_code from '^[A-Za-z][A-Za-z0-9_.]{0,79}$'),
            'disbursed_issue_amount', NEW.disbursed_issue_amount::text,
            'installment_face_value', NEW.installment_face_value::text,
            'number_of_installments', NEW.number_of_installments,
            'monthly_interest_rate', NEW.monthly_interest_rate::text));
          RETURN NULL;
        END
      $$;
      CREATE TRIGGER operation_notifies AFTER UPDATE OF status ON operation
        FOR EACH ROW WHEN (NEW.status <> OLD.status AND NEW.status IN
          ('disbursed', 'signature_failed', 'reservation_failed', 'disbursement_failed', 'canceled_permanently'))
        EXECUTE FUNCTION notify_operation();

      CREATE FUNCTION notify_task() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM notify_endpoints('task.opened', NEW.id::text, jsonb_build_object(
            'task_id', NEW.id, 'kind', NEW.kind, 'reason_code', NEW.reason_code,
            'credit_operation_key', NEW.credit_operation_key, 'issuer_proposal_request_key', NEW.auction_key,
            'amount_at_stake', NEW.amount_at_stake::text,
            'due_at', to_char(NEW.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')));
          RETURN NULL;
        END
      $$;
      CREATE TRIGGER task_notifies AFTER INSERT ON task FOR EACH ROW EXECUTE FUNCTION notify_task();
    `);
  }
}
