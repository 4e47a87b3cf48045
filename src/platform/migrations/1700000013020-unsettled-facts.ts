import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../database/concurrent-index';

/** The few facts that are looked at again without a sign of change: auctions that are not bid on yet, or doubtful. */
export class UnsettledFacts1700000013020 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await createIndexConcurrently(
      queryRunner,
      'history_fact_unsettled',
      `ON history_fact (key) WHERE status IN ('open', 'bidding', 'unknown')`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
