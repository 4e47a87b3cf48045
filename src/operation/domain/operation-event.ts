import type { CalendarDate, Cpf, Decimal } from '../../kernel';
import type { PaymentRefusal } from './refused-payment';

/** What one webhook says about one credit operation, in our words. `qi` translates, `operation` obeys. */
export type OperationEvent =
  /** The borrower finished QI Sign. */
  | { readonly kind: 'signed'; readonly evidence: SignatureEvidence }
  /** Cancelled at signature (`laas.credit_operation.status_change` canceled). */
  | { readonly kind: 'signature_failed'; readonly failure: Failure }
  /** QI waits for our authorize call. */
  | { readonly kind: 'authorization_requested' }
  /** collateral_constituted true: the payroll margin is bound; disbursement starts by itself. */
  | { readonly kind: 'reservation_confirmed' }
  /** DATAPREV said no, with one or more reasons; what QI does next depends on them. */
  | { readonly kind: 'reservation_refused'; readonly failures: readonly Failure[] }
  /** collateral_constituted false without errors: still waiting (pending_*), not a failure. */
  | { readonly kind: 'reservation_waiting'; readonly status: string }
  /** The margin is free again: the reservation was deleted, apart from the contract. */
  | { readonly kind: 'margin_released' }
  /** debt canceled because its guarantee was not bound: nothing comes of it any more. */
  | { readonly kind: 'canceled_unsecured'; readonly failure: Failure }
  | {
      readonly kind: 'disbursed';
      readonly payments: readonly Payment[];
      readonly installments: readonly PaidInstallment[];
    }
  /** debt canceled: the payment failed. Not final, and the margin is still bound. */
  | { readonly kind: 'disbursement_failed'; readonly failure: Failure; readonly refusal?: PaymentRefusal }
  | { readonly kind: 'canceled_permanently' }
  /** Cancelled because all of the money came back. */
  | { readonly kind: 'refunded' }
  /** Known and worth keeping, changes nothing (waiting_signature, signature_received). */
  | { readonly kind: 'noted'; readonly what: string };

/** `code` is an enumerator when QI sent one, else a known token; `reason` is prose and never decides anything. */
export interface Failure {
  readonly code: string;
  readonly reason: string | undefined;
}

export interface SignatureEvidence {
  readonly signers: readonly SignerEvidence[];
  /** Presence only: the link leads to personal data and is kept encrypted with the raw webhook. */
  readonly hasSignedContract: boolean;
}

export interface SignerEvidence {
  readonly cpf: Cpf | undefined;
  readonly faceValidationScore: Decimal | undefined;
  readonly faceValidationAvailable: boolean | undefined;
  readonly fraudBaseFlag: boolean | undefined;
  readonly documentFaceMatchScore: Decimal | undefined;
  /** `live` is the only value printed. */
  readonly livenessResult: string | undefined;
  readonly signedAtText: string | undefined;
}

export interface Payment {
  readonly amount: Decimal | undefined;
  readonly endToEndId: string | undefined;
  readonly transactionKey: string | undefined;
  readonly timestampText: string | undefined;
}

export interface PaidInstallment {
  readonly number: number | undefined;
  readonly dueDate: CalendarDate | undefined;
  readonly totalAmount: Decimal | undefined;
}
