import { ConcurrentIndexes } from '../database/concurrent-index';

/**
 * Facts that are derived anew: as before, and those of loans whose loss was counted, which one instalment written off had ended.
 * The release before looks with the index that it knows; a later one drops that.
 */
export class FactsWithEnds1700000014176 extends ConcurrentIndexes {
  protected readonly indexes = [
    [
      'history_fact_to_derive_with_ends',
      `ON history_fact (received_at) WHERE (shape < 1 OR shape < 2 AND NOT first_paid
        OR shape < 4 AND status IN ('won', 'lost') OR shape < 5 AND told_loss IS NOT NULL)`,
    ],
  ] as const;
}
