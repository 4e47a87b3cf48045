import { ConcurrentIndexes } from '../database/concurrent-index';

/** How many borrowers one actor has looked for in an hour, whatever else the audit trail holds of them. */
export class IndexOfBorrowerLookups1700000014200 extends ConcurrentIndexes {
  protected readonly indexes = [
    ['audit_event_borrower_lookups', `ON audit_event (actor, at) WHERE action = 'personal_data.looked_up'`],
  ] as const;
}
