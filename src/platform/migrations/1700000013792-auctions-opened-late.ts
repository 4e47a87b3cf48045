import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../database/concurrent-index';

/** The few auctions whose webhooks had waited, by when they were opened. No other is in it: it costs them no writing. */
export class AuctionsOpenedLate1700000013792 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await createIndexConcurrently(
      queryRunner,
      'auction_opened_late',
      `ON auction (created_at) WHERE created_at - received_at > interval '30 seconds'`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
