import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** How much is heard at which hour, so that silence is noticed; and when somebody last watched the engine. */
export class HeardAndWatched1700000013600 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE heard_hour (
        what text NOT NULL CHECK (what IN ('webhooks', 'wins', 'signatures')),
        -- Its beginning.
        hour timestamptz NOT NULL,
        count integer NOT NULL CHECK (count >= 0),
        PRIMARY KEY (what, hour)
      );

      CREATE TABLE watcher (
        sign text PRIMARY KEY CHECK (sign IN ('scrape', 'heartbeat')),
        seen_at timestamptz NOT NULL
      );
    `);
  }
}
