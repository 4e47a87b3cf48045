import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../concurrent-index';

/** The list of auctions in the order of what stands in its columns: each is found by an index of the facts (docs/adr/history-facets.md). */
export class SortedHistory1700000013100 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    const orders: Readonly<Record<string, string>> = {
      status: 'status',
      asked: 'asked',
      rate: 'rate',
      offered: 'offered',
      expected: '(margin * paid_out)',
      margin_rate: 'margin_rate',
    };
    for (const [name, value] of Object.entries(orders))
      await createIndexConcurrently(
        queryRunner,
        `history_fact_by_${name}`,
        `ON history_fact (${value}, received_at) WHERE ${value} IS NOT NULL`,
      );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
