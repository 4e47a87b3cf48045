import type { OperationEvent } from '../operation-event';

/** QI could not bind what secures a loan: what it does next, what it means, and what helps. In Portuguese for people. */
export interface GuaranteeRefusal {
  readonly qi: 'retries' | 'cancels';
  readonly meaning: string;
  readonly advice: string;
}

/** What one manual says otherwise than the others of a loan after the win or the issue. */
export interface LoanProduct {
  /** By QI's enumerator. One that is not here nobody can explain: it waits for a person. */
  readonly refusals: Readonly<Record<string, GuaranteeRefusal>>;
  /** QI cancels the debt when its guarantee is refused; by the enumerator alone one tells it from a refused payment. */
  readonly refusalCancelsDebt: boolean;
  /** We may collect the signature ourselves and send its proof. */
  readonly collectsSignatures: boolean;
  /** The borrower may give the money back within days, and QI has a call for it. */
  readonly hasWithdrawalRight: boolean;
  /** That what secures the loan is bound to it still, and that it may be: "a margem continua reservada". */
  readonly held: string;
  readonly mayBeHeld: string;
}

/** The event as it is to be understood of this product. */
export function understood(event: OperationEvent, product: LoanProduct): OperationEvent {
  return event.kind === 'disbursement_failed' &&
    product.refusalCancelsDebt &&
    Object.hasOwn(product.refusals, event.failure.code)
    ? { kind: 'reservation_refused', failures: [event.failure] }
    : event;
}

/** What a refusal means; undefined when no manual names it. */
export function refusalOf(product: LoanProduct, code: string): GuaranteeRefusal | undefined {
  return Object.hasOwn(product.refusals, code) ? product.refusals[code] : undefined;
}
