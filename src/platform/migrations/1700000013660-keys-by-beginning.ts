import { ConcurrentIndexes } from '../database/concurrent-index';

/** Keys are found by how they begin, whatever the collation of the database. */
export class KeysByBeginning1700000013660 extends ConcurrentIndexes {
  protected readonly indexes = [
    ['history_fact_by_beginning', 'ON history_fact (key text_pattern_ops)'],
    ['operation_by_beginning', 'ON operation (credit_operation_key text_pattern_ops)'],
  ] as const;
}
