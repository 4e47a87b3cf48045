import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** The margin of a federal payroll loan beside its contract: consented to, held and freed apart, with its reminders. */
export class TwoEndings1700000012500 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE operation
        ADD COLUMN margin_status text,
        ADD COLUMN margin_since timestamptz,
        -- The servant's consent: since when and until when it was waited for the last time.
        ADD COLUMN consent_asked_at timestamptz,
        ADD COLUMN consent_until timestamptz;
      ALTER TABLE operation ADD CONSTRAINT operation_margin CHECK (
        num_nonnulls(margin_status, margin_since) IN (0, 2)
        AND num_nonnulls(consent_asked_at, consent_until) IN (0, 2)
        AND (margin_status NOT LIKE 'pending_consent%' OR consent_until IS NOT NULL)) NOT VALID;
      -- A case is closed only with both of its ends: nothing is bound that was not paid for.
      ALTER TABLE operation DROP CONSTRAINT operation_check;
      ALTER TABLE operation ADD CONSTRAINT operation_ended CHECK (CASE
        WHEN margin_status IS NULL THEN (ended_at IS NOT NULL) = (status IN ('disbursed', 'canceled_permanently'))
        ELSE ended_at IS NULL
          OR status = 'disbursed' AND margin_status IN ('held', 'released')
          OR status = 'canceled_permanently' AND margin_status NOT LIKE 'pending_consent%' AND margin_status <> 'held'
          OR status = 'reservation_failed' AND margin_status IN ('refused', 'released') END) NOT VALID;
      ALTER TABLE operation_event ADD COLUMN from_margin text, ADD COLUMN to_margin text;

      -- A reminder that was told: once a day and question, whoever looks, and however often.
      CREATE TABLE consent_reminder (
        credit_operation_key text NOT NULL REFERENCES operation,
        asked_at timestamptz NOT NULL,
        day integer NOT NULL,
        told_at timestamptz NOT NULL,
        PRIMARY KEY (credit_operation_key, asked_at, day)
      );

      CREATE FUNCTION notify_consent_reminder() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM notify_endpoints('operation.consent_reminder', o.credit_operation_key, jsonb_build_object(
            'credit_operation_key', o.credit_operation_key, 'product', o.product, 'day', NEW.day,
            'asked_at', to_char(NEW.asked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'consent_until', to_char(o.consent_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))
          FROM operation o WHERE o.credit_operation_key = NEW.credit_operation_key;
          RETURN NULL;
        END
      $$;
      CREATE TRIGGER consent_reminder_notifies AFTER INSERT ON consent_reminder
        FOR EACH ROW EXECUTE FUNCTION notify_consent_reminder();
    `);
  }
}
