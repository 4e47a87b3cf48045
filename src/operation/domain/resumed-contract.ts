import type { MarginStatus } from './margin-state';
import type { OperationFact } from './operation-state';
import { latestRefusedPayment, type Told } from './refused-payment';
import type { TaskReason } from './task';

/**
 * What it means that QI took a cancelled contract that was sent again: it goes on from where it was cancelled, which the
 * answer does not say, and what was heard before does. Only a reserved loan is paid, so a refused payment was one. What is
 * authorized stays so: QI goes on asking for the guarantee, and waits for a second authorization no more than for the first.
 * @param told the loan's timeline, oldest first
 * @param isAuthorizationTaken that QI has our authorization, or may have it
 */
export function factOfResubmission(
  told: readonly Told[],
  margin: MarginStatus | null,
  isAuthorizationTaken: boolean,
): OperationFact {
  const heard = told.map(({ kind, summary }) => (kind === 'noted' ? summary['what'] : kind));
  const has = (...kinds: readonly string[]): boolean => kinds.some((kind) => heard.includes(kind));
  if (latestRefusedPayment(told) !== undefined) return 'resubmission_accepted';
  if (margin === null) {
    if (has('reservation_confirmed')) return 'resubmission_accepted';
    if (isAuthorizationTaken || has('authorization_accepted', 'authorized')) return 'resubmitted_authorized';
    // A guarantee is refused only after somebody has authorized it.
    if (has('authorization_requested'))
      return has('reservation_refused') ? 'resubmitted_authorized' : 'resubmitted_unauthorized';
  }
  const ofSignature = heard.findLast((each) => each === 'signed' || each === 'signature_failed');
  return ofSignature === 'signed' ? 'resubmitted_signed' : 'resubmitted_unsigned';
}

/** Why the policy does not authorize a loan that QI waits for: it does so once. */
export const AUTHORIZATION_ASKED_BEFORE: TaskReason = {
  code: 'authorization_asked_before',
  message:
    'A autorização já foi enviada uma vez e não foi aceita, e o contrato foi reenviado depois. Decidir se a averbação é autorizada.',
};
