import { ConcurrentIndexes } from '../database/concurrent-index';

/** QI may answer a balance query after it was asked again: by the key of the first, its proposal is found. */
export class BalancesByEarlierKey1700000014110 extends ConcurrentIndexes {
  protected readonly indexes = [
    [
      'proposal_event_balance_key',
      `ON proposal_event ((summary ->> 'balance_key')) WHERE kind = 'balance_queried'`,
    ],
  ] as const;
}
