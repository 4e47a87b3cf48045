import { ConcurrentIndexes } from '../database/concurrent-index';

/**
 * Facts that are derived anew: as before, and all of auctions won and lost. The release before looks with the index that it knows,
 * so that it does not look through these; a later one drops that.
 */
export class IndexesOfUnansweredFacts1700000014131 extends ConcurrentIndexes {
  protected readonly indexes = [
    [
      'history_fact_to_derive_anew',
      `ON history_fact (received_at) WHERE (shape < 1 OR shape < 2 AND NOT first_paid
        OR shape < 4 AND status IN ('won', 'lost'))`,
    ],
    ['history_fact_unanswered', 'ON history_fact (day) WHERE unanswered'],
  ] as const;
}
