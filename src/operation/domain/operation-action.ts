import type { CommandStatus, WhenUnknown } from '../../commands/domain';
import { isConsentPending } from './margin-state';
import type { LoanProduct } from './products';
import { isClosed, type Endings } from './two-endings';
import { isFinal, OPERATION_STATUSES, type OperationFact, type OperationStatus } from './operation-state';

/** What we can ask of QI about an operation. Each becomes one durable command. */
export const OPERATION_ACTIONS = [
  'submit_signature',
  'authorize',
  'resubmit_disbursement',
  'cancel_permanently',
  'request_reversal',
] as const;
export type OperationAction = (typeof OPERATION_ACTIONS)[number];

interface ActionRule {
  readonly allowedIn: readonly OperationStatus[];
  /** What the operation is told once QI has accepted the command. */
  readonly acceptedAs: OperationFact;
  /** Webhooks that prove that a command whose answer was lost did take effect. */
  readonly provenBy: readonly OperationFact[];
  readonly whenUnknown: WhenUnknown;
  /** Two different people must want it. */
  readonly needsTwoPeople: boolean;
  /** What it does, in the words shown to whoever is about to do it. */
  readonly consequence: string;
}

export const ACTION_RULES: Readonly<Record<OperationAction, ActionRule>> = {
  /** That QI has it is not yet that the loan is signed; sent again, it is signed already. */
  submit_signature: {
    allowedIn: ['awaiting_signature', 'signature_failed'],
    acceptedAs: 'noted',
    provenBy: ['signed', 'reservation_confirmed', 'disbursed'],
    whenUnknown: 'repeat',
    needsTwoPeople: false,
    consequence:
      'A prova da assinatura que colhemos é enviada à QI, que formaliza o contrato e segue para a garantia.',
  },
  authorize: {
    allowedIn: ['awaiting_authorization'],
    acceptedAs: 'authorization_accepted',
    provenBy: [
      'authorization_accepted',
      'reservation_refused_for_now',
      'reservation_refused_for_good',
      'reservation_refused_unexplained',
      'reservation_confirmed',
      'disbursement_failed',
      'disbursed',
    ],
    whenUnknown: 'inquire',
    needsTwoPeople: false,
    consequence: 'A QI averba o contrato na margem do trabalhador e, em seguida, desembolsa o valor.',
  },
  resubmit_disbursement: {
    allowedIn: ['disbursement_failed'],
    acceptedAs: 'resubmission_accepted',
    // A further failure proves nothing: it may be the first one, told again.
    provenBy: ['disbursed'],
    whenUnknown: 'ask',
    needsTwoPeople: false,
    consequence:
      'A QI tenta pagar novamente na data informada, na mesma conta ou na conta nova do trabalhador.',
  },
  cancel_permanently: {
    allowedIn: OPERATION_STATUSES.filter((status) => !isFinal(status)),
    acceptedAs: 'cancellation_accepted',
    provenBy: ['canceled_permanently'],
    whenUnknown: 'repeat',
    needsTwoPeople: true,
    consequence:
      'A operação termina sem desembolso, e a garantia (margem ou saldo) do trabalhador é liberada. É definitivo.',
  },
  /** The right of withdrawal: QI makes a PIX charge by which the borrower gives the money back. */
  request_reversal: {
    allowedIn: ['disbursed'],
    acceptedAs: 'noted',
    provenBy: ['refunded'],
    whenUnknown: 'inquire',
    needsTwoPeople: true,
    consequence:
      'A QI gera um código PIX para o trabalhador devolver o valor recebido. Pago por inteiro e no prazo, a operação é cancelada e a garantia liberada. Até lá nada muda.',
  },
};

export function isAllowed(action: OperationAction, status: OperationStatus): boolean {
  return ACTION_RULES[action].allowedIn.includes(status);
}

/** Whether people may ask for it of a loan of this product that stands so. @param isEndOverdue see `time-limits.ts` */
export function mayBeAsked(
  action: OperationAction,
  endings: Endings,
  product: LoanProduct,
  isEndOverdue = false,
): boolean {
  if (!isAllowed(action, endings.status) || !isOfProduct(action, product)) return false;
  // A second cancellation changes nothing, however often it is sent, while the servant has not answered (T-42) or QI is at it.
  if (action === 'cancel_permanently')
    return (!isBeingCanceled(endings) || isEndOverdue) && !isClosed(endings);
  return true;
}

const isBeingCanceled = ({ status, margin }: Endings): boolean =>
  status === 'canceling' || margin === 'pending_consent_with_deletion';

/** The actions that people may ask for, whoever asks. */
export function actionsIn(
  endings: Endings,
  product: LoanProduct,
  isEndOverdue = false,
): readonly OperationAction[] {
  return OPERATION_ACTIONS.filter((action) => mayBeAsked(action, endings, product, isEndOverdue));
}

/**
 * What an action does to a loan that stands so, in the words shown to whoever is about to do it.
 * @param isLate both periods of a withdrawal are over
 */
export function consequenceOf(
  action: OperationAction,
  { margin, isLate = false }: Pick<Endings, 'margin'> & { readonly isLate?: boolean },
): string {
  if (action === 'request_reversal' && isLate)
    return `O prazo da QI para a desistência terminou: só depois de combinar com ela. ${ACTION_RULES[action].consequence}`;
  if (action === 'cancel_permanently' && isConsentPending(margin))
    return 'A operação termina sem desembolso. A margem do servidor só é liberada quando ele responder no SouGov.br, ou no fim do prazo. É definitivo.';
  return ACTION_RULES[action].consequence;
}

/** Signatures of the auction's loans are collected by QI alone, and its manuals know no withdrawal from them. */
function isOfProduct(
  action: OperationAction,
  { collectsSignatures, hasWithdrawalRight }: LoanProduct,
): boolean {
  if (action === 'submit_signature') return collectsSignatures;
  return action !== 'request_reversal' || hasWithdrawalRight;
}

/** Whether nothing can come of a command any more. */
export function isOver(action: OperationAction, status: OperationStatus): boolean {
  return isFinal(status) && !isAllowed(action, status);
}

/** Where a loan comes by an authorization alone; a reservation that is cancelled before it parks none. */
const AUTHORIZED: readonly OperationStatus[] = [
  'authorized',
  'reservation_retrying',
  'reservation_failed',
  'parked',
  'reserved',
];

/**
 * What became of a command about a loan that is over, or that has gone on: where it stands shows that it was taken, though nobody
 * heard the answer (a loan may be refused its reservation, or paid out, while we still wait for it, and before anybody has taken
 * over what a dead process was sending).
 */
export function endOf(
  action: OperationAction,
  status: OperationStatus,
): 'accepted' | 'withdrawn' | undefined {
  if (action === 'authorize' && AUTHORIZED.includes(status)) return 'accepted';
  if (!isOver(action, status)) return undefined;
  return ACTION_RULES[action].provenBy.some((fact) => fact === status) ? 'accepted' : 'withdrawn';
}

export interface LiveCommand {
  readonly action: OperationAction;
  readonly status: CommandStatus;
}

/**
 * What a fact, having brought the operation to `status`, means for its live command: one whose answer was lost may be
 * proven; one that is not sent yet, or that nobody need ask about any more, is withdrawn when the state rules it out.
 * One that is being sent is left alone: its answer is on the way.
 */
export function fateOf(
  command: LiveCommand,
  fact: OperationFact,
  status: OperationStatus,
): 'stays' | 'withdrawn' | 'accepted' {
  if (command.status === 'unknown' && ACTION_RULES[command.action].provenBy.includes(fact)) return 'accepted';
  const isMoot =
    (command.status === 'intended' && !isAllowed(command.action, status)) ||
    (command.status === 'unknown' && isOver(command.action, status));
  return isMoot ? 'withdrawn' : 'stays';
}
