import type { OperationEvent } from '../operation-event';

/** QI could not bind what secures a loan: what it does next, what it means, and what helps. In Portuguese for people. */
export interface GuaranteeRefusal {
  /** unclear: no manual says what QI does, and a person finds it out. */
  readonly qi: 'retries' | 'cancels' | 'unclear';
  /** How long QI goes on trying, where that is known. */
  readonly retriesForDays?: number;
  readonly meaning: string;
  readonly advice: string;
}

/**
 * bank: by bank and number, as manual 001 prints it with the day.
 * pix: a transfer by PIX, to a key or into an account, as QI's page of `PUT disbursement_bank_accounts` prints it.
 * pix_typed: the same, and of an account its type too, which manual 002 prints of every account.
 */
export type AccountForm = 'bank' | 'pix' | 'pix_typed';

/** What one manual says otherwise than the others of a loan after the win or the issue. */
export interface LoanProduct {
  /** By QI's enumerator. One that is not here nobody can explain: it waits for a person. */
  readonly refusals: Readonly<Record<string, GuaranteeRefusal>>;
  /**
   * How the code of a cancelled debt begins whose guarantee was refused, whether a manual names it or not: by that alone one
   * tells it from a refused payment. Undefined where a refusal cancels no debt.
   */
  readonly refusalPrefix: string | undefined;
  /** The code of a cancelled debt that only says that its guarantee was not bound; the guarantee's own news says why. */
  readonly unsecuredCode: string | undefined;
  /** The margin is consented to, held and freed apart from the contract: two endings, and closed is what has both. */
  readonly hasMarginOfItsOwn: boolean;
  /** We may collect the signature ourselves and send its proof. */
  readonly collectsSignatures: boolean;
  /** The borrower may give the money back within days, and QI has a call for it. */
  readonly hasWithdrawalRight: boolean;
  /** How another account to pay to is written; which of the printed forms QI takes for which debt is to be settled (docs/qi.md). */
  readonly newAccount: AccountForm;
  /** Another account goes to QI in a call of its own, before the day of payment. */
  readonly changesAccountApart: boolean;
  /** That what secures the loan is bound to it still, and that it may be: "a margem continua reservada". */
  readonly held: string;
  readonly mayBeHeld: string;
}

/** The event as it is to be understood of this product. */
export function understood(event: OperationEvent, product: LoanProduct): OperationEvent {
  if (event.kind !== 'disbursement_failed') return event;
  const { failure } = event;
  const { unsecuredCode, refusalPrefix, hasMarginOfItsOwn } = product;
  const isOfMargin = hasMarginOfItsOwn && refusalOf(product, failure.code) !== undefined;
  if (isOfMargin || failure.code === unsecuredCode) return { kind: 'canceled_unsecured', failure };
  return refusalPrefix !== undefined && failure.code.startsWith(refusalPrefix)
    ? { kind: 'reservation_refused', failures: [failure] }
    : event;
}

/** What QI does next. Several reasons at once: one that ends it ends it; then one that nobody knows needs a person. */
export function afterRefusal(product: LoanProduct, codes: readonly string[]): GuaranteeRefusal['qi'] {
  const next = codes.map((code) => refusalOf(product, code)?.qi);
  if (next.includes('cancels')) return 'cancels';
  return next.length > 0 && next.every((each) => each === 'retries') ? 'retries' : 'unclear';
}

/** What a refusal means; undefined when no manual names it. */
export function refusalOf(product: LoanProduct, code: string): GuaranteeRefusal | undefined {
  return Object.hasOwn(product.refusals, code) ? product.refusals[code] : undefined;
}
