import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** A database that lost commits is told from one that was only restarted (docs/adr/recovery-generation.md); clocks. */
export class Recovery1700000011400 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- How far the clock of a process is from ours, and whether it may decide by it.
      ALTER TABLE instance ADD COLUMN clock_offset_ms integer, ADD COLUMN decides boolean NOT NULL DEFAULT true;

      -- Which history this is and how far it has come. Whoever has seen more than stands here has seen what is lost.
      CREATE TABLE recovery_generation (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        generation uuid NOT NULL DEFAULT gen_random_uuid(),
        counter bigint NOT NULL DEFAULT 0,
        timeline text NOT NULL,
        advanced_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );

      -- The cluster and its timeline: PostgreSQL begins another one whenever a copy or a standby goes on by itself.
      CREATE FUNCTION database_timeline() RETURNS text LANGUAGE sql STABLE AS $$
        SELECT system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) FROM pg_control_system() $$;

      CREATE TABLE recovery (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        found_by text NOT NULL,
        sign text NOT NULL CHECK (sign IN ('behind', 'other_history', 'new_timeline', 'unwitnessed')),
        -- Generations that have ended with it: that of the copy, and that which whoever found it had seen.
        ended_generations uuid[] NOT NULL,
        -- Up to here the copy knows what happened; null is not known.
        known_until timestamptz,
        -- No request that was made before this is ever bid for.
        bids_from timestamptz NOT NULL,
        -- What was made unknown, or held, in the same transaction.
        counts jsonb NOT NULL,
        -- Up to here QI has been asked what it told in the lost time.
        asked_until timestamptz,
        confirmed_at timestamptz,
        confirmed_by text,
        note text,
        CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL) AND (confirmed_at IS NULL) = (note IS NULL))
      );
      CREATE INDEX recovery_unconfirmed ON recovery (id) WHERE confirmed_at IS NULL;

      -- Whether this database holds everything that the asking process knows to be on disk.
      CREATE FUNCTION is_known_history(known uuid, seen bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT EXISTS (SELECT FROM recovery_generation
          WHERE only_row AND generation = known AND counter >= seen AND timeline = database_timeline()) $$;
    `);
  }
}
