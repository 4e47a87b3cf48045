import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../database/concurrent-index';

/** A loan may find its auction or its order long after its last step: figures look for what was linked of late. */
export class OperationsByLink1700000013680 implements MigrationInterface {
  readonly transaction = false;

  up(queryRunner: QueryRunner): Promise<void> {
    return createIndexConcurrently(
      queryRunner,
      'operation_linked',
      'ON operation (linked_at) WHERE linked_at IS NOT NULL',
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
