import { ConcurrentIndexes } from '../database/concurrent-index';

/** Facts that are derived anew: of an older shape, or with a first instalment that was taken for unpaid before it was due. */
export class OutdatedFacts1700000013790 extends ConcurrentIndexes {
  protected readonly indexes = [
    [
      'history_fact_outdated',
      'ON history_fact (received_at) WHERE (shape < 1 OR shape < 2 AND NOT first_paid)',
    ],
  ] as const;
}
