import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndexConcurrently } from '../database/concurrent-index';

/** The margins that are waited for are looked for every minute. */
export class OpenMargins1700000012510 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await createIndexConcurrently(
      queryRunner,
      'operation_open_margin',
      `ON operation (margin_status, margin_since) WHERE margin_status IS NOT NULL AND ended_at IS NULL`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
