import { ConcurrentIndexes } from '../database/concurrent-index';

/** Facts that are derived anew: as before, and ended ones whose rank may be the one that the bid had when QI took it. */
export class FactsWithRanks1700000013990 extends ConcurrentIndexes {
  protected readonly indexes = [
    [
      'history_fact_to_derive',
      `ON history_fact (received_at) WHERE (shape < 1 OR shape < 2 AND NOT first_paid
        OR shape < 3 AND rank IS NOT NULL AND status IN ('won', 'lost'))`,
    ],
  ] as const;
}
