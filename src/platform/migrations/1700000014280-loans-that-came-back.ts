import { ConcurrentIndexes } from '../database/concurrent-index';

/** Loans that came back under a release before, which counted them nowhere, are counted by whoever finds them here (`ComebackWatch`). */
export class LoansThatCameBack1700000014280 extends ConcurrentIndexes {
  protected readonly indexes = [
    [
      'operation_event_came_back',
      `ON operation_event (credit_operation_key)
       WHERE NOT (from_status <> 'canceled_permanently'
           AND (from_status <> 'reservation_failed' OR coalesce(from_margin, '') NOT IN ('refused', 'released')))
         AND (to_status <> 'canceled_permanently'
           AND (to_status <> 'reservation_failed' OR coalesce(to_margin, '') NOT IN ('refused', 'released')))`,
    ],
  ] as const;
}
