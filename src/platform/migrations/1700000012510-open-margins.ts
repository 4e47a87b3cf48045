import { ConcurrentIndexes } from '../database/concurrent-index';

/** The margins that are waited for are looked for every minute. */
export class OpenMargins1700000012510 extends ConcurrentIndexes {
  protected readonly indexes = [
    [
      'operation_open_margin',
      `ON operation (margin_status, margin_since) WHERE margin_status IS NOT NULL AND ended_at IS NULL`,
    ],
  ] as const;
}
