import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** What is looked for again and again must not take longer as history grows. */
export class IndexesOfTheSweeps1700000008000 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- A win commits its exposure, also one that was released before: the index of the live ones does not help.
      CREATE INDEX exposure_auction ON exposure (auction_key);

      -- Loans that have not ended, by how long they stand where they stand.
      CREATE INDEX operation_open ON operation (status, status_since) WHERE ended_at IS NULL;
      DROP INDEX operation_unlinked;
      CREATE INDEX operation_unlinked ON operation (opened_at) WHERE origin IS NULL AND ended_at IS NULL;
      -- Everything about one loan, whatever has become of it.
      CREATE INDEX task_of ON task (credit_operation_key, kind);
      CREATE INDEX approval_of ON approval (credit_operation_key);

      -- What reconciliation forgets.
      CREATE INDEX reconciliation_run_ended ON reconciliation_run (ended_at);
      CREATE INDEX reconciliation_gap_closed ON reconciliation_gap (closed_at) WHERE closed_at IS NOT NULL;
      CREATE INDEX reconciliation_gap_listed ON reconciliation_gap ((coalesce(closed_as, 'open')), id);

      -- The auction that a proposal or a loan belongs to, for replays.
      CREATE INDEX auction_proposal ON auction (auction_proposal_key) WHERE auction_proposal_key IS NOT NULL;
      CREATE INDEX auction_operation ON auction (credit_operation_key) WHERE credit_operation_key IS NOT NULL;
    `);
  }
}
