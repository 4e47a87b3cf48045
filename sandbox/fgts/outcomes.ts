import type { Behaviour } from '../behaviour';

/** How Caixa answers, by the CPF of the sandbox's borrowers (QI manual 004), and in which words. */

/** QI tells them as they are; none of them is tried again. */
export const BALANCE_ERRORS: Readonly<Record<string, string>> = {
  ongoing_operation: "There's an ongoing operation",
  unauthorized_institution: "Institution isn't authorized by the client",
  inexistent_anniversary_membership:
    'Client does not have membership for anniversary withdraw on current date',
  on_locked_date_range: 'Not permitted action on current date',
  anniversary_membership_egress:
    'Client moving away from anniversary membership. It need to be canceled before requesting a reserve',
  processing_pending_changes: "Changes on profile info happened on client's FGTS account",
  caixa_error: "Request wasn't able to process due to an error on CEF",
};

interface EndorsementError {
  readonly reason: string;
  /** Whether QI goes on trying after it told the cancellation. */
  readonly retried: boolean;
}

const final = (reason: string): EndorsementError => ({ reason, retried: false });
const retried = (reason: string): EndorsementError => ({ reason, retried: true });

export const ENDORSEMENT_ERRORS: Readonly<Record<string, EndorsementError>> = {
  fgts_invalid_given_period: final('Given periods date does not match with CEF system'),
  fgts_unauthorized_institution: retried("Institution isn't authorized by the client"),
  fgts_processing_pending_changes: final("Changes on profile info happened on client's FGTS account"),
  fgts_on_locked_date_range: retried('Not permitted action on current date'),
  fgts_insufficient_balance: final('Available Balance is not sufficient for given periods amount'),
  fgts_inexistent_anniversary_membership: final(
    'Client does not have membership for anniversary withdraw on current date',
  ),
  fgts_period_rejected: final('Reservation period not accepted'),
  fgts_deletion_request: final('Deletion request was before the reservation was completed'),
  fgts_protocol_removed: final('Protocol was removed'),
  fgts_insufficient_balance_available: final('The indicated value is not available for contracting'),
  fgts_insufficient_balance_for_guarantee: final(
    'Available balance is not sufficient for the required guarantee',
  ),
  fgts_fgts_accounts_not_found: final('The informed worker does not have FGTS accounts'),
};

const BY_FIRST_DIGITS: readonly (readonly [prefix: string, outcome: string])[] = [
  ['8', 'empty'],
  ['90', 'ongoing_operation'],
  ['91', 'unauthorized_institution'],
  ['92', 'inexistent_anniversary_membership'],
  ['93', 'on_locked_date_range'],
  ['94', 'anniversary_membership_egress'],
  ['95', 'processing_pending_changes'],
  ['96', 'caixa_error'],
  ['97', 'caixa_error'],
  ['98', 'caixa_error'],
  ['99', 'caixa_error'],
];

/** `success`, `empty` (no withdrawal at all) or the enumerator of a failure. */
export function balanceOutcome(cpf: string, rule: Behaviour['contract']['fgts']['balance_rule']): string {
  if (rule === 'none') return 'success';
  const digits = rule === 'first_digits' ? cpf : cpf.slice(-2);
  // The older page knows no account without withdrawals.
  const table = rule === 'first_digits' ? BY_FIRST_DIGITS : BY_FIRST_DIGITS.slice(1);
  return table.find(([prefix]) => digits.startsWith(prefix))?.[1] ?? 'success';
}

/** `endorsed` or the enumerator of a failure; of CPFs with a 9, the two digits after it choose which one. */
export function endorsementOutcome(cpf: string, undescribed: string): string {
  if (/^[0-3]/.test(cpf)) return 'endorsed';
  if (cpf.startsWith('8')) return 'fgts_insufficient_balance';
  if (!cpf.startsWith('9')) return undescribed;
  const errors = Object.keys(ENDORSEMENT_ERRORS);
  return errors[Number(cpf.slice(1, 3)) % errors.length] ?? 'fgts_insufficient_balance';
}
