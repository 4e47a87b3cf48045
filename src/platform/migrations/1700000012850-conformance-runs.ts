import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** What was found out about QI, and when: the latest run is what the first day goes by. */
export class ConformanceRuns1700000012850 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE conformance_run (
        id uuid PRIMARY KEY,
        requested_by text NOT NULL,
        started_at timestamptz NOT NULL,
        base_url text NOT NULL,
        -- Whether a fictitious auction may be opened at QI and bid for.
        writes boolean NOT NULL,
        state text NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'abandoned')),
        stopped_because text CHECK ((stopped_because IS NOT NULL) = (state = 'stopped')),
        findings jsonb NOT NULL DEFAULT '[]',
        ended_at timestamptz CHECK ((ended_at IS NULL) = (state = 'running'))
      );
      CREATE UNIQUE INDEX conformance_run_one_at_a_time ON conformance_run (state) WHERE state = 'running';
      CREATE INDEX conformance_run_started ON conformance_run (started_at);
    `);
  }
}
