import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/**
 * Since when people have bidding stopped is kept by the database: the release before writes no such time where it stops bidding or
 * lets it go on, and what stood there was taken for its stop's.
 */
export class StoppedSince1700000014001 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Another reason for a stop leaves its time; a person's takes the place of the one that is there because nobody watches.
      CREATE FUNCTION keep_engaged_since() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          NEW.engaged_since := CASE WHEN NOT NEW.engaged THEN NULL
            WHEN OLD.engaged AND OLD.actor <> 'system:unwatched' THEN OLD.engaged_since
            ELSE NEW.changed_at END;
          RETURN NEW;
        END
      $$;
      CREATE TRIGGER kill_switch_engaged_since BEFORE UPDATE OF engaged ON kill_switch
        FOR EACH ROW EXECUTE FUNCTION keep_engaged_since();
      UPDATE kill_switch SET engaged_since = changed_at WHERE engaged AND engaged_since IS NULL`);
  }
}
