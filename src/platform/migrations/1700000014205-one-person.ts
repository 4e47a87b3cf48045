import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** What needs two people is not done by one and a token that the same one answers for. */
export class OnePerson1700000014205 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- The keeper of a token as an actor; of whoever has none, themselves.
      CREATE FUNCTION person_behind(actor text) RETURNS text LANGUAGE sql STABLE AS $$
        SELECT coalesce(
          (SELECT 'user:' || username FROM api_token JOIN app_user ON app_user.id = keeper_id WHERE api_token.actor = $1), $1)
      $$;
      CREATE FUNCTION is_same_person(actor text, others text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT EXISTS (SELECT FROM unnest($2) AS other WHERE person_behind(other) = person_behind($1))
      $$;
      -- As the CHECK of that name does of one actor.
      CREATE FUNCTION refuse_one_person() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE check_violation USING
            MESSAGE = format('what needs two people in %I was done by one person (%s)', TG_TABLE_NAME, TG_ARGV[0]),
            TABLE = TG_TABLE_NAME, CONSTRAINT = TG_ARGV[0];
        END
      $$;
      CREATE TRIGGER approval_by_two BEFORE UPDATE OF decided_by ON approval FOR EACH ROW
        WHEN (NEW.decided_by IS DISTINCT FROM OLD.decided_by AND NEW.status IN ('approved', 'rejected')
          AND is_same_person(NEW.decided_by, ARRAY[NEW.requested_by]))
        EXECUTE FUNCTION refuse_one_person('four_eyes');
      CREATE TRIGGER qi_filter_change_by_two BEFORE UPDATE OF sent_by ON qi_filter_change FOR EACH ROW
        WHEN (NEW.sent_by IS DISTINCT FROM OLD.sent_by AND NEW.kind = 'change'
          AND is_same_person(NEW.sent_by, ARRAY[NEW.proposed_by]))
        EXECUTE FUNCTION refuse_one_person('four_eyes');
    `);
  }
}
