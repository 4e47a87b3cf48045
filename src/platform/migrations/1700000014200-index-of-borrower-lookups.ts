import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../database/concurrent-index';

/** How many borrowers one actor has looked for in an hour, whatever else the audit trail holds of them. */
export class IndexOfBorrowerLookups1700000014200 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await createIndexConcurrently(
      queryRunner,
      'audit_event_borrower_lookups',
      `ON audit_event (actor, at) WHERE action = 'personal_data.looked_up'`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
