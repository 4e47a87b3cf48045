import { ENDED_UNPAID, isMarginBound, stepMargin, type MarginStatus, type MarginStep } from './margin-state';
import {
  isAtRisk,
  isFinal,
  step,
  type OperationFact,
  type OperationStatus,
  type Step,
} from './operation-state';
import { understood, type LoanProduct } from './products';

/** Contract and margin of one loan. `margin` is null where the guarantee is part of the contract's own life. */
export interface Endings {
  readonly status: OperationStatus;
  readonly margin: MarginStatus | null;
}

/** What one fact does to both. */
export interface TwoSteps {
  /** Of the contract; `applied` and `contradiction` where the margin's alone are. */
  readonly contract: Step;
  readonly margin: MarginStep | undefined;
}

/** Nothing more can come of either: a case is closed only then. */
export function isClosed({ status, margin }: Endings): boolean {
  if (margin === null) return isFinal(status);
  if (status === 'disbursed') return margin === 'held' || margin === 'released';
  if (status === 'canceled_permanently') return !isMarginBound(margin);
  return status === 'reservation_failed' && (margin === 'refused' || margin === 'released');
}

/** Whether this is its end, and not merely news of a case that was closed before. */
export function closes(before: Endings, after: Endings): boolean {
  return !isClosed(before) && isClosed(after);
}

/**
 * Whether what was asked for while it went on has no object any more. What is asked for of a paid loan comes after its end:
 * neither its margin, held at last, nor anything else that is told of it ends that, but the return of the money.
 */
export function endsWhatWasAsked(before: Endings, after: Endings): boolean {
  const contractEnds = before.status !== after.status && isFinal(after.status);
  return contractEnds || (closes(before, after) && after.status !== 'disbursed');
}

/**
 * The servant consents to what somebody has tried to cancel, and the contract was never cancelled: QI goes on to pay it, whatever
 * its manual says of the margin (T-42).
 * @param isCancellationRefused two people wanted it, QI has refused it, and nobody has asked for anything else since
 */
export function outlivesCancellation(
  before: Endings,
  after: Endings,
  isCancellationRefused: boolean,
): boolean {
  const wasToEnd = before.margin === 'pending_consent_with_deletion' || isCancellationRefused;
  const isHeldAfterAll = wasToEnd && before.margin !== 'held' && after.margin === 'held';
  return isHeldAfterAll && !isFinal(after.status) && !ENDED_UNPAID.includes(after.status);
}

const isPaid = (before: Endings, after: Endings): boolean =>
  before.status !== after.status && after.status === 'disbursed';

/**
 * QI pays what people want cancelled and it has not begun to cancel; in the midst of that, a payment contradicts by itself.
 * @param isCancellationWanted by two people, and by nobody else since
 */
export function isPaidAllTheSame(before: Endings, after: Endings, isCancellationWanted: boolean): boolean {
  const isWanted = isCancellationWanted || before.margin === 'pending_consent_with_deletion';
  return isPaid(before, after) && isWanted && before.status !== 'canceling';
}

/**
 * QI pays what no margin is bound for any more: told by neither, the case would be closed with the payment. That its reservation
 * had failed says so already.
 */
export function isPaidUnsecured(before: Endings, after: Endings): boolean {
  const isGone = after.margin === 'released' || after.margin === 'refused';
  return isPaid(before, after) && isGone && before.status !== 'reservation_failed';
}

/** Whether what was lent, or was to be, is at risk: no money goes out of what is gone for good, or closed unpaid. */
export function putsAtRisk({ status, margin }: Endings): boolean {
  return isAtRisk(status) && (status === 'disbursed' || !isClosed({ status, margin }));
}

/** It was closed unpaid and at risk no more, and goes on: in whichever order QI tells it, it counts as if it had never been. */
export function comesBack(before: Endings, after: Endings): boolean {
  return !putsAtRisk(before) && putsAtRisk(after);
}

/**
 * Where a contract stands once it is known of which product it is: a cancelled debt may have been heard of before that,
 * and then looked like a payment that failed.
 */
export function statusAs(
  product: LoanProduct,
  { status, failureCode }: { readonly status: OperationStatus; readonly failureCode: string | null },
): OperationStatus {
  if (status !== 'disbursement_failed' || failureCode === null) return status;
  const failure = { code: failureCode, reason: undefined };
  return understood({ kind: 'disbursement_failed', failure }, product).kind === 'canceled_unsecured'
    ? 'reservation_failed'
    : status;
}

/** Where a fact takes a loan, its contract and, if it has one of its own, its margin. */
export function stepBoth({ status, margin }: Endings, fact: OperationFact): TwoSteps {
  if (margin === null) return { contract: step(status, fact), margin: undefined };
  const ofMargin = stepMargin(margin, status, fact);
  const ofContract = stepContract(status, margin, fact);
  const moved = [ofContract, ofMargin].find(({ effect }) => effect === 'applied');
  const known = [ofContract, ofMargin].find(({ effect }) => effect !== 'noted');
  return {
    contract: {
      ...ofContract,
      effect: (moved ?? known ?? ofContract).effect,
      contradiction: ofContract.contradiction || ofMargin.contradiction,
    },
    margin: ofMargin,
  };
}

/** News of the margin moves the contract only where the contract waits for it: paid is what is signed and held. */
function stepContract(status: OperationStatus, margin: MarginStatus, fact: OperationFact): Step {
  switch (fact) {
    case 'reservation_confirmed':
      return status === 'signed' ? { ...stay(status), to: 'reserved', effect: 'applied' } : stay(status);
    case 'reservation_refused_for_now':
    case 'reservation_refused_unexplained':
    case 'reservation_canceled':
    case 'margin_released':
      return stay(status);
    case 'signed':
    case 'resubmission_accepted':
    case 'resubmitted_signed': {
      const taken = step(status, fact);
      return taken.effect === 'applied' ? { ...taken, to: margin === 'held' ? 'reserved' : 'signed' } : taken;
    }
    default:
      return step(status, fact);
  }
}

const stay = (status: OperationStatus): Step => ({
  from: status,
  to: status,
  effect: 'noted',
  contradiction: false,
});
