import { ConcurrentIndexes } from '../database/concurrent-index';

/** Of an old webhook it is asked whether it is the request of a loan that was won: that is kept longer. */
export class WonByWebhook1700000013740 extends ConcurrentIndexes {
  protected readonly indexes = [
    ['auction_won_by_webhook', `ON auction (webhook_event_id) WHERE status = 'won'`],
  ] as const;
}
