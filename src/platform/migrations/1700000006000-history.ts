import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** What analysts read: indexes for the search, exports made in the background, views they keep. */
export class History1700000006000 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE FUNCTION reason_codes_of(reasons jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(array_agg(DISTINCT reason ->> 'code'), '{}') FROM jsonb_array_elements(reasons) AS reason
      $$;
      -- An array has statistics of its elements: the planner knows a rare reason from a common one.
      ALTER TABLE decision ADD COLUMN reason_codes text[] GENERATED ALWAYS AS (reason_codes_of(reasons)) STORED;
      CREATE INDEX decision_reasons ON decision USING gin (reason_codes);

      CREATE INDEX auction_status_received ON auction (status, received_at, issuer_proposal_request_key);
      DROP INDEX auction_borrower, auction_employer;
      CREATE INDEX auction_borrower ON auction (borrower_index, received_at, issuer_proposal_request_key);
      CREATE INDEX auction_employer ON auction (employer_index, received_at, issuer_proposal_request_key);
      CREATE INDEX auction_ended ON auction (ended_at) WHERE ended_at IS NOT NULL;
      CREATE INDEX bid_submitted ON bid (submitted_at) WHERE submitted_at IS NOT NULL;
      CREATE INDEX operation_ended ON operation (ended_at) WHERE ended_at IS NOT NULL;

      -- A list on its way into a file. The row is the job; its lease is that of the process that writes it.
      CREATE TABLE export (
        id uuid PRIMARY KEY,
        requested_by text NOT NULL,
        requested_at timestamptz NOT NULL,
        format text NOT NULL CHECK (format IN ('csv', 'xlsx', 'parquet')),
        filter jsonb NOT NULL,
        status text NOT NULL CHECK (status IN ('waiting', 'running', 'done', 'failed')),
        lease_owner uuid,
        rows_done integer NOT NULL DEFAULT 0,
        size_bytes bigint,
        failure text,
        ended_at timestamptz,
        CHECK ((ended_at IS NOT NULL) = (status IN ('done', 'failed')))
      );
      CREATE INDEX export_open ON export (requested_at) WHERE status IN ('waiting', 'running');
      CREATE INDEX export_of ON export (requested_by, requested_at);

      -- Any process may be asked for the file, so the file is where all of them can see it.
      CREATE TABLE export_part (
        export_id uuid NOT NULL REFERENCES export ON DELETE CASCADE,
        ordinal integer NOT NULL,
        bytes bytea NOT NULL,
        PRIMARY KEY (export_id, ordinal)
      );
      ALTER TABLE export_part ALTER COLUMN bytes SET STORAGE EXTERNAL;

      CREATE TABLE saved_view (
        id uuid PRIMARY KEY,
        owner text NOT NULL,
        name text NOT NULL,
        page text NOT NULL CHECK (page IN ('history', 'tasks')),
        query text NOT NULL,
        created_at timestamptz NOT NULL,
        UNIQUE (owner, page, name)
      );
    `);
  }
}
