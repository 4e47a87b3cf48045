import { ConcurrentIndexes } from '../database/concurrent-index';

/** The key of a sum; facts that an older release derived; and the few that have a bid and reasons, which a list sorted by what bids say looks for. */
export class IndexesOfFacts1700000013510 extends ConcurrentIndexes {
  protected readonly indexes = [
    [
      'history_sum_key',
      'ON history_sum (dimension, day, product, policy_version, value) NULLS NOT DISTINCT',
      { unique: true },
    ],
    ['history_fact_older_shape', 'ON history_fact (received_at) WHERE shape < 1'],
    [
      'history_fact_bid_with_reasons',
      'ON history_fact USING gin (reasons) WHERE bid_key IS NOT NULL AND reasons IS NOT NULL',
    ],
  ] as const;
}
