import { ConcurrentIndexes } from '../database/concurrent-index';

/**
 * Loans that nobody here has ordered are looked for after they were paid too. The index serves the release before
 * too, whose own (`operation_unlinked`) a later release may drop.
 */
export class UnlinkedAndPaid1700000013670 extends ConcurrentIndexes {
  protected readonly indexes = [
    ['operation_without_order', 'ON operation (opened_at) WHERE origin IS NULL'],
  ] as const;
}
