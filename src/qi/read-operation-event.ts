import { Personal, type JsonObject } from '../kernel';
import type { FieldProblem } from '../auction/domain';
import {
  accountNumber,
  type Failure,
  type OperationEvent,
  type PaidInstallment,
  type PaymentRefusal,
  type Payment,
  type SignatureEvidence,
  type SignerEvidence,
} from '../operation/domain';
import { Fields } from './fields';
import { readContractNumber } from './read-contract-number';
import { readEnvelope } from './read-envelope';
import { unreadable, type Unreadable } from './unreadable';
import { WEBHOOK_TYPES } from './webhook-types';

type Product = 'private_payroll' | 'federal_payroll' | 'fgts';

export type OperationEventReading =
  | {
      readonly kind: 'read';
      /** What all calls and all other webhooks of this loan use: credit operation, debt and external key are one. */
      readonly operationKey: string;
      /** From a webhook that names what secures the loan, or from a reason that only one product has. */
      readonly product: Product | undefined;
      readonly contractNumber: string | undefined;
      readonly event: OperationEvent;
      readonly problems: readonly FieldProblem[];
    }
  | Unreadable;

type EventReading = OperationEvent | Unreadable;
type EventReader = (envelope: Fields, data: Fields) => EventReading;

const READERS: ReadonlyMap<string, EventReader> = new Map([
  [WEBHOOK_TYPES.creditOperation, readStatusChange],
  [WEBHOOK_TYPES.reservation, readReservationStatus],
  [WEBHOOK_TYPES.reservationFailure, readReservationFailure],
  [WEBHOOK_TYPES.renewedReservation, readRenewedReservation],
  [WEBHOOK_TYPES.collateral, readCollateral],
  [WEBHOOK_TYPES.debt, readDebt],
  [WEBHOOK_TYPES.reversal, readReversal],
]);

/**
 * A webhook about one credit operation, unwrapped (QI manuals 000 and 001; 002 and 004 for the variants of federal
 * payroll and FGTS). The same word means different things in different types, so each type has its own reader.
 */
export function readOperationEvent(document: JsonObject): OperationEventReading {
  const { type, key } = readEnvelope(document);
  const reader = READERS.get(type ?? '');
  if (reader === undefined) return unreadable('type_unknown');
  if (key === undefined) return unreadable('key_missing');

  const envelope = new Fields(document);
  const data = envelope.child('data');
  const event = reader(envelope, data);
  if (event.kind === 'unreadable') return event;
  return {
    kind: 'read',
    operationKey: key,
    product: readProduct(data),
    contractNumber: readContractNumber(envelope, data),
    event,
    problems: envelope.problems,
  };
}

/** `laas.credit_operation.status_change`: QI Sign ended, well or badly. `signed` has its facts outside `data`. */
function readStatusChange(envelope: Fields, data: Fields): EventReading {
  switch (envelope.word('status') ?? data.word('status')) {
    case 'signed':
      return { kind: 'signed', evidence: readEvidence(envelope, data) };
    case 'canceled':
      return { kind: 'signature_failed', failure: readCancelReason(data) };
    default:
      return unreadable('status_unknown');
  }
}

/** `laas.private_payroll.reservation_status_change`. Only the collateral webhook says that a margin is bound. */
function readReservationStatus(envelope: Fields, data: Fields): EventReading {
  const [outer, inner] = [envelope.word('status'), data.word('reservation_status')];
  if (outer !== undefined && inner !== undefined && outer !== inner) return unreadable('statuses_disagree');
  const status = inner ?? outer;
  switch (status) {
    case 'pending_requester_authorization':
      return { kind: 'authorization_requested' };
    case 'pending_reservation':
      return { kind: 'reservation_waiting', status };
    case 'authorized':
    case 'reserved':
    case 'canceled':
    case 'transferred':
    case 'terminated':
      return { kind: 'noted', what: status };
    default:
      return unreadable('status_unknown');
  }
}

/**
 * `laas.private_payroll.reservation_failure`: newer than the manuals; the reasons stand in `data.reasons`. The type
 * itself is the news: without a reason that can be read it is a refusal that nobody has explained.
 */
function readReservationFailure(_: Fields, data: Fields): EventReading {
  return { kind: 'reservation_refused', failures: readFailures(data.children('reasons')) };
}

/**
 * `laas.private_payroll.renewed_reservation`: of the same loan, with another employer. Its status is of a reservation beside the one
 * that the loan had: it is not read, for what waits there is not what this loan waits for.
 */
function readRenewedReservation(): EventReading {
  return { kind: 'noted', what: 'renewed_reservation' };
}

/**
 * `credit_operation.collateral`. true is the only success there is. false is a refusal when errors come with it (in a
 * list, or one beside the status), a normal wait when only a pending status does, and freed when it was deleted.
 */
function readCollateral(_: Fields, data: Fields): EventReading {
  const constituted = data.flag('collateral_constituted');
  if (constituted === undefined) return unreadable('content_unclear');
  if (constituted) return { kind: 'reservation_confirmed' };

  const collateral = data.child('collateral_data');
  const status = collateral.word('reservation_status', 'status', 'reservation_request_status');
  const failures = [
    ...readFailures(collateral.child('last_response').children('errors')),
    ...(collateral.has('enumerator') ? readFailures([collateral]) : []),
  ];
  const isDeleted = status === 'deleted' || failures.some(({ code }) => code.startsWith(DELETED));
  if (isDeleted) return { kind: 'margin_released' };
  if (failures.length > 0 || status === 'failure') return { kind: 'reservation_refused', failures };
  const waits = status !== undefined && /^pending(_|$)/.test(status) && !collateral.has('error_message');
  return waits ? { kind: 'reservation_waiting', status } : unreadable('content_unclear');
}

/** QI's page of statuses is cut off here: `successfully_del...` is not a failure, it says that the margin is free. */
const DELETED = 'successfully_del';

/** `debt`: the loan of every product, from signature to payment. */
function readDebt(envelope: Fields, data: Fields): EventReading {
  const status = envelope.word('status') ?? data.word('status');
  switch (status) {
    case 'signature_finished':
      return { kind: 'signed', evidence: readEvidence(envelope, data) };
    case 'disbursed':
      return {
        kind: 'disbursed',
        payments: (data.children('ted_receipt_list') ?? []).map(readPayment),
        installments: (data.children('installments') ?? []).map(readInstallment),
      };
    case 'canceled':
      return readCanceledDebt(data);
    case 'canceled_permanently':
    case 'cancel_permanently':
      return { kind: 'canceled_permanently' };
    case 'waiting_signature':
    case 'signature_received':
    case 'signed':
    case 'issued':
    case 'opened':
    case 'settled':
      return { kind: 'noted', what: status };
    default:
      return unreadable('status_unknown');
  }
}

/** The whole amount was given back: QI cancels the debt by itself, and no payment has failed. */
const REFUNDED = 'disbursed_amount_refunded';

function readCanceledDebt(data: Fields): OperationEvent {
  const failure = readCancelReason(data);
  if (failure.code === REFUNDED) return { kind: 'refunded' };
  if (!PAYMENT_REFUSALS.includes(failure.code)) return { kind: 'disbursement_failed', failure };
  return { kind: 'disbursement_failed', failure, refusal: readPaymentRefusal(data.child(failure.code)) };
}

/** Of the account what tells it from another one: shown the last digits only. */
function readPaymentRefusal(refusal: Fields): PaymentRefusal {
  const destination = refusal.child('destination');
  const printed = destination.text('account_number') ?? '';
  const digit = destination.text('account_digit') ?? '';
  const number = `${printed}${digit}`.replaceAll(/\W/g, '');
  const whole = accountNumber(printed, digit);
  return {
    cause: readCode(refusal, 'reason_enumerator'),
    account: refusal.has('destination')
      ? {
          bank: destination.text('bank_code', 'bank_ispb') ?? null,
          branch: destination.text('branch') ?? null,
          number: number === '' ? null : `***${number.slice(-SHOWN_DIGITS)}`,
        }
      : undefined,
    accountNumber: whole === undefined ? undefined : Personal.text(whole),
  };
}

const SHOWN_DIGITS = 3;

/** `reversal`: the money is on its way back. That it has come, and what follows, the debt's own webhook says. */
function readReversal(envelope: Fields): EventReading {
  const status = envelope.word('status') ?? envelope.child('reversal').word('status');
  return status === undefined ? unreadable('status_unknown') : { kind: 'noted', what: `reversal_${status}` };
}

function readEvidence(envelope: Fields, data: Fields): SignatureEvidence {
  return {
    signers: (envelope.children('signers') ?? data.children('signers') ?? []).map(readSigner),
    hasSignedContract: envelope.has('signed_contract_url') || data.has('signed_contract_url'),
  };
}

function readSigner(signer: Fields): SignerEvidence {
  const biometry = signer.child('biometry');
  const face = biometry.child('face_validation');
  return {
    cpf: signer.child('signer_data').cpf('document_number'),
    faceValidationScore: face.decimal('score'),
    faceValidationAvailable: face.flag('available'),
    fraudBaseFlag: biometry.flag('fraud_base_flag'),
    documentFaceMatchScore: signer.child('document').decimal('face_match_score'),
    livenessResult: signer.child('liveness').word('result'),
    signedAtText: signer.text('signed_at'),
  };
}

/** A code is one word of letters, digits, dots and underscores. */
const CODE = /^[a-z0-9_.]{1,100}$/;
const UNSPECIFIED = 'unspecified';
/** Values of `cancel_reason` that are codes; any other is prose. An object of the same name has the bank's words. */
const PAYMENT_REFUSALS = ['ted_refusal', 'pix_refusal'];

/** Why an operation was cancelled. Prose never becomes a code. */
function readCancelReason(data: Fields): Failure {
  const reason = data.text('cancel_reason');
  const code = readCode(data, 'cancel_reason_enumerator');
  if (code !== undefined) return { code, reason };
  const refused = PAYMENT_REFUSALS.find((refusal) => refusal === reason?.toLowerCase());
  if (refused === undefined) return { code: UNSPECIFIED, reason };
  const refusal = data.child(refused);
  const words = [refusal.text('reason_enumerator'), refusal.text('reason')]
    .filter((word) => word !== undefined)
    .join(': ');
  return { code: refused, reason: words === '' ? undefined : withoutReceiver(words, refusal) };
}

/** Banks may repeat in their words to whom they did not pay; the same event says who that is. */
function withoutReceiver(words: string, refusal: Fields): string {
  const receiver = refusal.child('destination');
  return ['name', 'account_number', 'document']
    .map((field) => receiver.text(field) ?? '')
    .filter((value) => value.length >= 3)
    .reduce(
      (text, value) =>
        text.replaceAll(new RegExp(value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu'), '***'),
      words,
    );
}

function readFailures(errors: readonly Fields[] | undefined): Failure[] {
  return (errors ?? []).map((error) => ({
    code: readCode(error, 'enumerator', 'reason_enumerator') ?? UNSPECIFIED,
    reason: error.text('description', 'reason'),
  }));
}

function readCode(fields: Fields, ...names: readonly string[]): string | undefined {
  const word = fields.word(...names);
  return word !== undefined && CODE.test(word) ? word : undefined;
}

/** `ted_receipt_list` holds PIX payments too. Account, name and document of the receiver are not read. */
function readPayment(receipt: Fields): Payment {
  return {
    amount: receipt.decimal('amount'),
    endToEndId: receipt.key('end_to_end_id'),
    transactionKey: receipt.key('transaction_key'),
    timestampText: receipt.text('timestamp'),
  };
}

function readInstallment(installment: Fields): PaidInstallment {
  return {
    number: installment.count('installment_number'),
    dueDate: installment.date('due_date'),
    totalAmount: installment.decimal('total_amount'),
  };
}

function readProduct(data: Fields): Product | undefined {
  const [first] = data.children('collaterals') ?? [];
  switch (data.word('collateral_type') ?? first?.word('collateral_type')) {
    case 'private_payroll':
      return 'private_payroll';
    case 'federal_payroll':
      return 'federal_payroll';
    case 'fgts':
    case 'fgts_balance':
      return 'fgts';
    default:
      // Only the endorsement at Caixa is refused in words that begin so.
      return data.word('cancel_reason_enumerator')?.startsWith('fgts_') === true ? 'fgts' : undefined;
  }
}
