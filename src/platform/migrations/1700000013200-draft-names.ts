import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** A draft is called as its author wants, whatever the policy in it is called: two copies of one version are told apart. */
export class DraftNames1700000013200 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE policy_version ADD COLUMN own_name text CHECK (own_name <> '' AND length(own_name) <= 80);

      -- Reviewed, approved and put in force under one name. Not refuse_change: the service writes other columns here.
      CREATE FUNCTION keep_policy_name() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'policy version % is no draft: its name never changes', OLD.number;
        END
      $$;
      CREATE TRIGGER policy_version_name_stays BEFORE UPDATE OF own_name ON policy_version
        FOR EACH ROW WHEN (OLD.state <> 'draft' AND OLD.own_name IS DISTINCT FROM NEW.own_name)
        EXECUTE FUNCTION keep_policy_name();
    `);
  }
}
