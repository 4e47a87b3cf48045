import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../database/concurrent-index';

/** What loans put at risk that a release before heard to be paid off is freed by whoever finds them here (`PaidOffWatch`). */
export class PaidOffByTime1700000014175 implements MigrationInterface {
  readonly transaction = false;

  up(queryRunner: QueryRunner): Promise<void> {
    return createIndexConcurrently(
      queryRunner,
      'operation_event_paid_off',
      `ON operation_event (recorded_at) WHERE kind = 'noted' AND summary ->> 'what' = 'settled'`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
