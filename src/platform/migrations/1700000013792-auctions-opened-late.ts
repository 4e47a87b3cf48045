import { ConcurrentIndexes } from '../database/concurrent-index';

/** The few auctions whose webhooks had waited, by when they were opened. No other is in it: it costs them no writing. */
export class AuctionsOpenedLate1700000013792 extends ConcurrentIndexes {
  protected readonly indexes = [
    ['auction_opened_late', `ON auction (created_at) WHERE created_at - received_at > interval '30 seconds'`],
  ] as const;
}
