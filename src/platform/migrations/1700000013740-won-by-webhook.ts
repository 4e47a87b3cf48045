import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../database/concurrent-index';

/** Of an old webhook it is asked whether it is the request of a loan that was won: that is kept longer. */
export class WonByWebhook1700000013740 implements MigrationInterface {
  readonly transaction = false;

  up(queryRunner: QueryRunner): Promise<void> {
    return createIndexConcurrently(
      queryRunner,
      'auction_won_by_webhook',
      `ON auction (webhook_event_id) WHERE status = 'won'`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
