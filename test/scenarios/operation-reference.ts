import type { OperationFact, OperationStatus } from '../../src/operation/domain';

/** Sent again, a cancelled loan is like another one of which this alone was heard. */
const RESUMED_LIKE: Readonly<Record<string, OperationFact>> = {
  resubmission_accepted: 'reservation_confirmed',
  resubmitted_authorized: 'authorization_accepted',
  resubmitted_unauthorized: 'authorization_requested',
  resubmitted_signed: 'signed',
  resubmitted_unsigned: 'noted',
};

const REFUSED: readonly OperationFact[] = ['reservation_refused_for_now', 'reservation_refused_unexplained'];

/** A reservation that is cancelled before QI has our authorization ends nothing: it may ask for that anew. */
function refuses(fact: OperationFact, before: readonly OperationFact[]): boolean {
  if (fact !== 'reservation_canceled') return REFUSED.includes(fact);
  return before.some((each) => each === 'authorization_accepted' || REFUSED.includes(each));
}

/**
 * Where a loan stands, told a second time and differently: not step by step, but by asking of everything heard so far
 * which of it weighs most. Slow and plain on purpose; the transition table is compared with it.
 */
export function referenceStatus(heard: readonly OperationFact[]): OperationStatus {
  if (heard.includes('refunded')) return 'canceled_permanently';
  const end = heard.find((fact) => fact === 'disbursed' || fact === 'canceled_permanently');
  if (end !== undefined) return end;
  if (heard.includes('cancellation_accepted')) return 'canceling';

  const failure = heard.indexOf('disbursement_failed');
  if (failure >= 0) {
    const resumed = heard.findIndex((fact, at) => at > failure && fact in RESUMED_LIKE);
    const like = RESUMED_LIKE[heard[resumed] ?? ''];
    return like === undefined ? 'disbursement_failed' : referenceStatus([like, ...heard.slice(resumed + 1)]);
  }
  if (heard.includes('reservation_confirmed')) return 'reserved';
  if (heard.includes('reservation_refused_for_good') || heard.includes('canceled_unsecured'))
    return 'reservation_failed';
  const refusal = heard.findLast((fact, at) => refuses(fact, heard.slice(0, at)));
  if (refusal !== undefined)
    return refusal === 'reservation_refused_for_now' ? 'reservation_retrying' : 'parked';

  if (heard.includes('authorization_accepted')) return 'authorized';
  if (heard.includes('authorization_requested')) return 'awaiting_authorization';
  return heard.findLast((fact) => fact === 'signed' || fact === 'signature_failed') ?? 'awaiting_signature';
}

/** In which status QI may be asked for what, by the manuals; written out again so that two lists must agree. */
export const MAY_BE_SENT: Readonly<Record<string, readonly OperationStatus[]>> = {
  submit_signature: ['awaiting_signature', 'signature_failed'],
  authorize: ['awaiting_authorization'],
  resubmit_disbursement: ['disbursement_failed'],
  request_reversal: ['disbursed'],
  cancel_permanently: [
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
    // When the end of the first is late.
    'canceling',
  ],
};
