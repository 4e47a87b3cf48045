import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../database/concurrent-index';

/** Facts that are derived anew: of an older shape, or with a first instalment that was taken for unpaid before it was due. */
export class OutdatedFacts1700000013790 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await createIndexConcurrently(
      queryRunner,
      'history_fact_outdated',
      'ON history_fact (received_at) WHERE (shape < 1 OR shape < 2 AND NOT first_paid)',
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
