import { ConcurrentIndexes } from '../database/concurrent-index';

/** A loan may find its auction or its order long after its last step: figures look for what was linked of late. */
export class OperationsByLink1700000013680 extends ConcurrentIndexes {
  protected readonly indexes = [
    ['operation_linked', 'ON operation (linked_at) WHERE linked_at IS NOT NULL'],
  ] as const;
}
