import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../database/concurrent-index';

/** QI may answer a balance query after it was asked again: by the key of the first, its proposal is found. */
export class BalancesByEarlierKey1700000014110 implements MigrationInterface {
  readonly transaction = false;

  up(queryRunner: QueryRunner): Promise<void> {
    return createIndexConcurrently(
      queryRunner,
      'proposal_event_balance_key',
      `ON proposal_event ((summary ->> 'balance_key')) WHERE kind = 'balance_queried'`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
