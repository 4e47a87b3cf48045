import { ForwardOnly, type QueryRunner } from '../database/forward-only';
import { createIndexConcurrently } from '../database/concurrent-index';

/** The list of auctions in the order of what stands in its columns: each is found by an index of the facts (docs/adr/history-facets.md). */
export class SortedHistory1700000013100 extends ForwardOnly {
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
    for (const [name, value] of Object.entries(orders)) {
      // Every fact has a status: a condition that is always true would keep the planner from the index.
      const where = value === 'status' ? '' : ` WHERE ${value} IS NOT NULL`;
      const on = `ON history_fact (${value}, received_at)${where}`;
      await createIndexConcurrently(queryRunner, `history_fact_by_${name}`, on);
    }
  }
}
