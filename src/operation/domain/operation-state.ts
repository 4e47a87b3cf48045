import type { OperationEvent } from './operation-event';
import { afterRefusal, type LoanProduct } from './products';

/** Where a loan stands after the win. Public words: they appear in the API and in the console. */
export const OPERATION_STATUSES = [
  'awaiting_signature',
  'signature_failed',
  'signed',
  'awaiting_authorization',
  'authorized',
  'reservation_retrying',
  'reservation_failed',
  'parked',
  'reserved',
  'disbursement_failed',
  'disbursed',
  'canceling',
  'canceled_permanently',
] as const;
export type OperationStatus = (typeof OPERATION_STATUSES)[number];

/** A loan begins here, whatever is heard of it first. */
export const INITIAL_STATUS: OperationStatus = 'awaiting_signature';

/** The borrower has signed, and nobody is taking it back; of one that is parked too. */
export const AFTER_SIGNATURE: readonly OperationStatus[] = [
  'signed',
  'awaiting_authorization',
  'authorized',
  'reservation_retrying',
  'reservation_failed',
  'parked',
  'reserved',
  'disbursement_failed',
  'disbursed',
];

/** The money is out, or the operation is gone for good. Only the return of the money leaves the first. */
export const FINAL_STATUSES: readonly OperationStatus[] = ['disbursed', 'canceled_permanently'];

export function isFinal(status: OperationStatus): boolean {
  return FINAL_STATUSES.includes(status);
}

/** False once the loan is gone for good; any other status may still lead to a payment, or has. */
export function isAtRisk(status: OperationStatus): boolean {
  return status !== 'canceled_permanently';
}

/**
 * What can move a loan: QI's webhooks, a refused reservation split by what QI does next,
 * and QI's acceptance of our own commands.
 */
export const OPERATION_FACTS = [
  'signed',
  'signature_failed',
  'authorization_requested',
  'authorization_accepted',
  'reservation_waiting',
  'reservation_refused_for_now',
  'reservation_refused_for_good',
  'reservation_refused_unexplained',
  'reservation_canceled',
  'reservation_confirmed',
  'reservation_terminated',
  'reservation_transferred',
  'reservation_renewed',
  'consent_pending',
  'deletion_pending',
  'margin_released',
  'canceled_unsecured',
  'disbursement_failed',
  'resubmission_accepted',
  'resubmitted_authorized',
  'resubmitted_unauthorized',
  'resubmitted_signed',
  'resubmitted_unsigned',
  'disbursed',
  'cancellation_accepted',
  'canceled_permanently',
  'refunded',
  'noted',
] as const;
export type OperationFact = (typeof OPERATION_FACTS)[number];

interface Transition {
  readonly to: OperationStatus;
  /** Statuses that this fact moves on from. In any other the fact is kept and changes nothing. */
  readonly from: readonly OperationStatus[];
  /** Statuses in which the fact cannot be merely late: it is kept, flagged, and a person must look. */
  readonly contradicts?: readonly OperationStatus[];
  /** Statuses in which it is true and moves nothing, and a person must see it. */
  readonly seenIn?: readonly OperationStatus[];
}

const BEFORE_AUTHORIZATION = ['awaiting_signature', 'signature_failed', 'signed'] as const;
const NOT_AUTHORIZED = [...BEFORE_AUTHORIZATION, 'awaiting_authorization'] as const;
const NOT_RESERVED = ['authorized', 'reservation_retrying', 'parked'] as const;
const BEFORE_RESERVATION = [...NOT_AUTHORIZED, ...NOT_RESERVED] as const;
const NOT_YET_ENDED = [
  ...BEFORE_RESERVATION,
  'reservation_failed',
  'reserved',
  'disbursement_failed',
] as const;

/** A contract sent again goes on from where it was cancelled (`factOfResubmission`). */
const RESUBMITTED = {
  from: ['disbursement_failed'],
  contradicts: [...BEFORE_RESERVATION, 'reservation_failed'],
} as const;

/**
 * The life of a loan as data. QI's webhooks arrive late, twice and out of order, so progress is monotone:
 * a fact carries the loan to its status from every earlier one, and in every later one it is merely late.
 * Only the failure loops depend on the order of receipt: a refused reservation may be confirmed later,
 * a failed disbursement may be resubmitted, a failed signature may be repeated.
 * Facts without an entry (`reservation_waiting`, `noted`) are kept and never move anything, though people must see some. Of a loan whose margin has
 * a life of its own `two-endings.ts` says what news of the margin means for the contract.
 */
export const TRANSITIONS: Readonly<Partial<Record<OperationFact, Transition>>> = {
  signed: { to: 'signed', from: ['awaiting_signature', 'signature_failed'] },
  /** Not final: QI may let the borrower sign again. After QI asked us to authorize it makes no sense. */
  signature_failed: {
    to: 'signature_failed',
    from: ['awaiting_signature', 'signed'],
    contradicts: [
      'awaiting_authorization',
      'authorized',
      'reservation_retrying',
      'parked',
      'reserved',
      'disbursed',
    ],
  },
  /** Of what is parked it may be late, or about another reservation than the one that we have authorized. */
  authorization_requested: {
    to: 'awaiting_authorization',
    from: BEFORE_AUTHORIZATION,
    contradicts: ['parked'],
  },
  /** Our call was taken, or somebody authorized in QI's portal. */
  authorization_accepted: { to: 'authorized', from: NOT_AUTHORIZED },
  reservation_refused_for_now: { to: 'reservation_retrying', from: BEFORE_RESERVATION },
  reservation_refused_for_good: {
    to: 'reservation_failed',
    from: [...BEFORE_RESERVATION, 'reservation_failed'],
    contradicts: ['reserved', 'disbursed'],
  },
  /** Of a code that nobody knows nobody knows either that it is merely late. */
  reservation_refused_unexplained: {
    to: 'parked',
    from: BEFORE_RESERVATION,
    contradicts: ['reserved', 'disbursed'],
  },
  /**
   * QI tries no more, and does not say why; before it has our authorization it may ask for that anew, with another reservation.
   * A payment that failed would be made again on a margin that was bound.
   */
  reservation_canceled: {
    to: 'parked',
    from: NOT_RESERVED,
    seenIn: NOT_AUTHORIZED,
    contradicts: ['reserved', 'disbursement_failed', 'disbursed'],
  },
  /** A bound margin is a bound margin, even after QI said it had given up: obeyed, and flagged. */
  reservation_confirmed: {
    to: 'reserved',
    from: [...BEFORE_RESERVATION, 'reservation_failed'],
    contradicts: ['reservation_failed'],
  },
  /** QI cancels the contract whose guarantee it could not bind. */
  canceled_unsecured: {
    to: 'reservation_failed',
    from: [...BEFORE_RESERVATION, 'reservation_failed'],
    contradicts: ['reserved', 'disbursed'],
  },
  /** A cancelled debt always waits for a decision, wherever it was cancelled: the margin may be bound. */
  disbursement_failed: { to: 'disbursement_failed', from: NOT_YET_ENDED, contradicts: ['disbursed'] },
  resubmission_accepted: { to: 'reserved', ...RESUBMITTED },
  /** It was cancelled before its guarantee was bound, authorized or signed: it has that still before it. */
  resubmitted_authorized: { to: 'authorized', ...RESUBMITTED },
  resubmitted_unauthorized: { to: 'awaiting_authorization', ...RESUBMITTED },
  resubmitted_signed: { to: 'signed', ...RESUBMITTED },
  resubmitted_unsigned: { to: 'awaiting_signature', ...RESUBMITTED },
  /**
   * Paid in the middle of a cancellation, or after it: the money decides the first, a person the second. Paid without its
   * guarantee is paid, and flagged as the refusal is that is told after the money.
   */
  disbursed: {
    to: 'disbursed',
    from: [...NOT_YET_ENDED, 'canceling'],
    contradicts: ['reservation_failed', 'parked', 'canceling', 'canceled_permanently'],
  },
  cancellation_accepted: { to: 'canceling', from: NOT_YET_ENDED, contradicts: ['disbursed'] },
  canceled_permanently: {
    to: 'canceled_permanently',
    from: [...NOT_YET_ENDED, 'canceling'],
    contradicts: ['disbursed'],
  },
  /** The borrower withdrew from the loan and gave the whole of it back: QI has cancelled it, guarantee and all. */
  refunded: { to: 'canceled_permanently', from: [...NOT_YET_ENDED, 'canceling', 'disbursed'] },
};

/** News that moves no loan and undoes nothing, not even before its end; but instalments may be deducted no more. */
const SEEN_BY_PEOPLE: readonly OperationFact[] = [
  'reservation_terminated',
  'reservation_transferred',
  'reservation_renewed',
  'margin_released',
];
const GIVEN_UP: readonly OperationStatus[] = ['reservation_failed', 'canceling', 'canceled_permanently'];

/** Whether nobody has authorized its reservation yet, as far as we have heard. */
export function isBeforeAuthorization(status: OperationStatus): boolean {
  return NOT_AUTHORIZED.some((before) => before === status);
}

/** Whether the margin is not bound yet, as far as we have heard. */
export function isBeforeReservation(status: OperationStatus): boolean {
  return BEFORE_RESERVATION.some((before) => before === status);
}

export interface Step {
  readonly from: OperationStatus;
  readonly to: OperationStatus;
  /**
   * applied: the loan is now where the fact says. noted: it says nothing about where the loan stands.
   * overtaken: a late fact about the past. impossible: it cannot be true where the loan stands.
   */
  readonly effect: 'applied' | 'noted' | 'overtaken' | 'impossible';
  /** True when a person must look because this fact and the loan's past cannot both be right. */
  readonly contradiction: boolean;
}

/** Where `fact` takes a loan that stands at `status`. Total: every fact is allowed to arrive at any time. */
export function step(status: OperationStatus, fact: OperationFact): Step {
  const transition = TRANSITIONS[fact];
  if (transition === undefined) {
    const contradiction = SEEN_BY_PEOPLE.includes(fact) && !GIVEN_UP.includes(status);
    return { from: status, to: status, effect: 'noted', contradiction };
  }
  if (transition.seenIn?.includes(status) === true)
    return { from: status, to: status, effect: 'noted', contradiction: true };
  const contradiction = transition.contradicts?.includes(status) ?? false;
  if (transition.from.includes(status))
    return { from: status, to: transition.to, effect: 'applied', contradiction };
  return { from: status, to: status, effect: contradiction ? 'impossible' : 'overtaken', contradiction };
}

/** The fact that a webhook states, of a loan of this product. */
export function factOf(event: OperationEvent, product: LoanProduct): OperationFact {
  if (event.kind === 'reservation_refused') {
    const codes = event.failures.map(({ code }) => code);
    return REFUSAL_FACTS[afterRefusal(product, codes)];
  }
  if (event.kind === 'noted') return NOTED[event.what] ?? event.kind;
  if (event.kind === 'reservation_waiting') return WAITING[event.status] ?? event.kind;
  return event.kind;
}

/** What is more than worth keeping. */
const NOTED: Readonly<Partial<Record<string, OperationFact>>> = {
  /** If not by us, then in QI's portal. */
  authorized: 'authorization_accepted',
  canceled: 'reservation_canceled',
  terminated: 'reservation_terminated',
  transferred: 'reservation_transferred',
  renewed_reservation: 'reservation_renewed',
};

/** What a reservation waits for, where somebody must know it. */
const WAITING: Readonly<Partial<Record<string, OperationFact>>> = {
  pending_consent: 'consent_pending',
  pending_consent_with_deletion: 'deletion_pending',
};

const REFUSAL_FACTS = {
  retries: 'reservation_refused_for_now',
  cancels: 'reservation_refused_for_good',
  unclear: 'reservation_refused_unexplained',
} as const;
