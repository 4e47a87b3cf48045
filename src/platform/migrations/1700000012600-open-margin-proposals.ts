import { ConcurrentIndexes } from '../database/concurrent-index';

/** Proposals whose servant's authorisation may end before anything came of them are looked for every minute. */
export class OpenMarginProposals1700000012600 extends ConcurrentIndexes {
  protected readonly indexes = [
    [
      'proposal_open_margin',
      `ON proposal (balance_at) WHERE product = 'federal_payroll'
         AND status IN ('balance_known', 'in_review', 'simulated', 'offered', 'accepted')`,
    ],
  ] as const;
}
