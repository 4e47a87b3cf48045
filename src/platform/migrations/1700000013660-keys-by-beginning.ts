import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../database/concurrent-index';

/** Keys are found by how they begin, whatever the collation of the database. */
export class KeysByBeginning1700000013660 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await createIndexConcurrently(
      queryRunner,
      'history_fact_by_beginning',
      'ON history_fact (key text_pattern_ops)',
    );
    await createIndexConcurrently(
      queryRunner,
      'operation_by_beginning',
      'ON operation (credit_operation_key text_pattern_ops)',
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
