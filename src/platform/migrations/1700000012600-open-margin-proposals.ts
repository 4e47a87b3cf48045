import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../database/concurrent-index';

/** Proposals whose servant's authorisation may end before anything came of them are looked for every minute. */
export class OpenMarginProposals1700000012600 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await createIndexConcurrently(
      queryRunner,
      'proposal_open_margin',
      `ON proposal (balance_at) WHERE product = 'federal_payroll'
         AND status IN ('balance_known', 'in_review', 'simulated', 'offered', 'accepted')`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
