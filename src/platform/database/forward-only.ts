import type { QueryRunner } from 'typeorm';
import type { Migration } from './schema-range';

export type { QueryRunner } from 'typeorm';

/** Migrations go forward only. */
export abstract class ForwardOnly implements Migration {
  readonly breaksOlderCode?: true;

  abstract up(queryRunner: QueryRunner): Promise<unknown>;

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
