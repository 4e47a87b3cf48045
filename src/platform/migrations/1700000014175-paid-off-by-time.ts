import { ConcurrentIndexes } from '../database/concurrent-index';

/** What loans put at risk that a release before heard to be paid off is freed by whoever finds them here (`PaidOffWatch`). */
export class PaidOffByTime1700000014175 extends ConcurrentIndexes {
  protected readonly indexes = [
    [
      'operation_event_paid_off',
      `ON operation_event (recorded_at) WHERE kind = 'noted' AND summary ->> 'what' = 'settled'`,
    ],
  ] as const;
}
