import { ConcurrentIndexes } from '../database/concurrent-index';

/**
 * Facts that are derived anew: as before, and those of loans of which anything was told, for they end with the instalments that QI
 * paid. The release before looks with the index that it knows; a later one drops that.
 */
export class FactsWithPaidInstalments1700000014240 extends ConcurrentIndexes {
  protected readonly indexes = [
    [
      'history_fact_to_derive_as_paid',
      `ON history_fact (received_at) WHERE (shape < 1 OR shape < 2 AND NOT first_paid
        OR shape < 4 AND status IN ('won', 'lost') OR shape < 6 AND first_due IS NOT NULL)`,
    ],
  ] as const;
}
