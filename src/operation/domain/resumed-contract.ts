import type { MarginStatus } from './margin-state';
import type { OperationFact } from './operation-state';
import { latestRefusedPayment, type Told } from './refused-payment';

/** Of a loan whose guarantee is part of the contract's own life: it was signed, and is authorized at most once. */
const BEYOND_SIGNATURE: readonly unknown[] = [
  'authorization_requested',
  'authorization_accepted',
  'authorized',
  'reservation_confirmed',
];

/**
 * What it means that QI took a cancelled contract that was sent again: it goes on from where it was cancelled, which the
 * answer does not say, and what was heard before does. Only a reserved loan is paid, so a refused payment was one.
 * @param told the loan's timeline, oldest first
 */
export function factOfResubmission(told: readonly Told[], margin: MarginStatus | null): OperationFact {
  const heard = told.map(({ kind, summary }) => (kind === 'noted' ? summary['what'] : kind));
  const isBeyond = margin === null && heard.some((each) => BEYOND_SIGNATURE.includes(each));
  if (isBeyond || latestRefusedPayment(told) !== undefined) return 'resubmission_accepted';
  const ofSignature = heard.findLast((each) => each === 'signed' || each === 'signature_failed');
  return ofSignature === 'signed' ? 'resubmitted_signed' : 'resubmitted_unsigned';
}
