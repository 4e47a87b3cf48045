import type { OperationFact, OperationStatus } from './operation-state';

/**
 * Where the payroll margin of a loan stands whose margin has a life of its own beside the contract's (SIAPE): it is
 * asked for, held once the servant consents, and freed apart from the contract. Public words.
 */
export const MARGIN_STATUSES = [
  'not_asked',
  'pending_consent',
  'pending_consent_with_deletion',
  'retrying',
  'unexplained',
  'held',
  'refused',
  'released',
] as const;
export type MarginStatus = (typeof MARGIN_STATUSES)[number];

/** Nothing has been heard of the margin. */
export const INITIAL_MARGIN: MarginStatus = 'not_asked';

/** Neither the servant nor another lender can use it: a case with such a margin is not over. */
const BOUND: readonly MarginStatus[] = ['pending_consent', 'pending_consent_with_deletion', 'held'];

export function isMarginBound(margin: MarginStatus | null): boolean {
  return margin !== null && BOUND.includes(margin);
}

/** The servant has been asked and has not answered; neither we nor QI can take the question back (T-42). */
export function isConsentPending(margin: MarginStatus | null): boolean {
  return margin === 'pending_consent' || margin === 'pending_consent_with_deletion';
}

interface MarginTransition {
  readonly to: MarginStatus;
  readonly from: readonly MarginStatus[];
  /** Where the fact cannot be merely late. */
  readonly contradicts?: readonly MarginStatus[];
}

const NOT_ASKED_YET = ['not_asked', 'retrying', 'unexplained'] as const;
const NOT_DECIDED = [...NOT_ASKED_YET, 'pending_consent', 'pending_consent_with_deletion'] as const;

/**
 * The life of a margin as data, as monotone as the contract's: what is late changes nothing. Only the failure loops
 * depend on the order of receipt. A margin that was given up is held when QI says so, and flagged.
 */
const MARGIN_TRANSITIONS: Readonly<Partial<Record<OperationFact, MarginTransition>>> = {
  consent_pending: { to: 'pending_consent', from: NOT_ASKED_YET },
  /** Somebody tried to cancel: it ends with the servant's answer, or with the time for it. */
  deletion_pending: { to: 'pending_consent_with_deletion', from: [...NOT_ASKED_YET, 'pending_consent'] },
  reservation_refused_for_now: { to: 'retrying', from: NOT_ASKED_YET },
  reservation_refused_unexplained: { to: 'unexplained', from: NOT_DECIDED },
  reservation_refused_for_good: {
    to: 'refused',
    from: [...NOT_DECIDED, 'refused'],
    contradicts: ['held'],
  },
  reservation_confirmed: { to: 'held', from: [...NOT_DECIDED, 'refused'], contradicts: ['refused'] },
  margin_released: { to: 'released', from: [...NOT_DECIDED, 'held', 'refused'] },
};

export interface MarginStep {
  readonly from: MarginStatus;
  readonly to: MarginStatus;
  readonly effect: 'applied' | 'noted' | 'overtaken' | 'impossible';
  readonly contradiction: boolean;
}

/** Where `fact` takes a margin. Total, as `step` is. */
export function stepMargin(margin: MarginStatus, contract: OperationStatus, fact: OperationFact): MarginStep {
  const transition = MARGIN_TRANSITIONS[fact];
  if (transition === undefined) return { from: margin, to: margin, effect: 'noted', contradiction: false };
  const contradiction = (transition.contradicts ?? []).includes(margin) || cannotBe(margin, contract, fact);
  if (transition.from.includes(margin))
    return { from: margin, to: transition.to, effect: 'applied', contradiction };
  return { from: margin, to: margin, effect: contradiction ? 'impossible' : 'overtaken', contradiction };
}

/** A paid loan keeps its margin; one that was freed comes back only as late news of a contract that has ended. */
function cannotBe(margin: MarginStatus, contract: OperationStatus, fact: OperationFact): boolean {
  if (fact === 'margin_released') return contract === 'disbursed';
  return fact === 'reservation_confirmed' && margin === 'released' && !ENDED_UNPAID.includes(contract);
}

/** The contract is at an end, or at one that only a person leaves: QI does nothing more for it by itself. */
export const ENDED_UNPAID: readonly OperationStatus[] = [
  'canceling',
  'canceled_permanently',
  'reservation_failed',
  'disbursement_failed',
];
