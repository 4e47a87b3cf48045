import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Learned rates of a policy that comes back are bid again, or wait again: the same rows give the same version. */
export class RatesInForceAgain1700000013730 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION guard_rate_model_version() RETURNS trigger LANGUAGE plpgsql AS $$
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
             (ARRAY['waiting>in_force', 'waiting>retired', 'in_force>retired', 'retired>in_force', 'retired>waiting']) THEN
            RAISE EXCEPTION 'rate model version % cannot go from % to %', OLD.number, OLD.state, NEW.state;
          END IF;
          RETURN NEW;
        END
      $$`);
  }
}
