import type { Pool } from 'pg';

/**
 * Two machines whose clocks differ, on one: the database finds a clock_timestamp() of ours before its own. Every service
 * is cut off, so that it finds it too. `public` stays first, or one that starts meanwhile would make its tables elsewhere.
 */
export async function skewDatabase(sql: Pool, seconds: number): Promise<void> {
  await sql.query(`
    CREATE SCHEMA IF NOT EXISTS skew;
    GRANT USAGE ON SCHEMA skew TO PUBLIC;
    CREATE OR REPLACE FUNCTION skew.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
      $$ SELECT pg_catalog.clock_timestamp() + interval '${seconds} seconds' $$;
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, skew, pg_catalog', current_database());
    END $$;`);
  await endConnections(sql);
}

/** Cuts the connections of every service, as a dying machine would: nothing that is under way commits. */
export async function endConnections(sql: Pool): Promise<void> {
  await sql.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'arremate%'`,
  );
}
