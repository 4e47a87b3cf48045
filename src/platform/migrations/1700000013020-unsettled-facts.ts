import { ConcurrentIndexes } from '../database/concurrent-index';

/** The few facts that are looked at again without a sign of change: auctions that are not bid on yet, or doubtful. */
export class UnsettledFacts1700000013020 extends ConcurrentIndexes {
  protected readonly indexes = [
    ['history_fact_unsettled', `ON history_fact (key) WHERE status IN ('open', 'bidding', 'unknown')`],
  ] as const;
}
