import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../database/concurrent-index';

/**
 * Loans that nobody here has ordered are looked for after they were paid too. The index serves the release before
 * too, whose own (`operation_unlinked`) a later release may drop.
 */
export class UnlinkedAndPaid1700000013670 implements MigrationInterface {
  readonly transaction = false;

  up(queryRunner: QueryRunner): Promise<void> {
    return createIndexConcurrently(
      queryRunner,
      'operation_without_order',
      'ON operation (opened_at) WHERE origin IS NULL',
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
