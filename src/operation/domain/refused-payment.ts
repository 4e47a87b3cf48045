import type { Personal } from '../../kernel';

/** A bank's no to a TED or a PIX, as far as it says more than that. */
export interface PaymentRefusal {
  /** The bank's own enumerator. */
  readonly cause: string | undefined;
  /** The account that refused, masked; QI prints it for a TED alone. */
  readonly account: RefusedAccount | undefined;
  /** The whole of its number and digit (`accountNumber`): only a keyed index of it is kept. */
  readonly accountNumber?: Personal | undefined;
}

export interface RefusedAccount {
  readonly bank: string | null;
  readonly branch: string | null;
  /** The last digits only. */
  readonly number: string | null;
}

/** Enumerators that say that the account is somebody else's. QI prints one of them and no complete list. */
const OF_ANOTHER_HOLDER: readonly string[] = ['invalid_document_number'];

export interface RefusedPayment {
  readonly cause: string | undefined;
  readonly account: RefusedAccount | undefined;
  /** Of the account's number, keyed; undefined of what an earlier release kept. */
  readonly accountIndex: string | undefined;
  readonly code: string;
  readonly reason: string | undefined;
  /** The account is not the borrower's: the same one would be refused again. */
  readonly isOfAnotherHolder: boolean;
}

/** One line of a timeline, as it is kept. */
export interface Told {
  readonly kind: string;
  readonly effect: string;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly refusedAccountIndex?: Buffer | null;
}

const REFUSALS: readonly string[] = ['ted_refusal', 'pix_refusal'];

/** The latest refusal of a payment in a timeline; undefined when the loan has been cancelled for another reason since. */
export function latestRefusedPayment(events: readonly Told[]): RefusedPayment | undefined {
  const event = events.findLast(({ kind, effect }) => kind === 'disbursement_failed' && effect === 'applied');
  const summary = event?.summary;
  const code = textIn(summary, 'code');
  if (summary === undefined || code === undefined || !REFUSALS.includes(code)) return undefined;
  const cause = textIn(summary, 'cause');
  const account = summary['refused_account'];
  return {
    code,
    reason: textIn(summary, 'reason'),
    cause,
    account: typeof account === 'object' && account !== null ? accountIn({ ...account }) : undefined,
    accountIndex: event?.refusedAccountIndex?.toString('hex'),
    isOfAnotherHolder: cause !== undefined && OF_ANOTHER_HOLDER.includes(cause),
  };
}

function accountIn(stored: Readonly<Record<string, unknown>>): RefusedAccount {
  return {
    bank: textIn(stored, 'bank') ?? null,
    branch: textIn(stored, 'branch') ?? null,
    number: textIn(stored, 'number') ?? null,
  };
}

function textIn(object: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const value = object?.[name];
  return typeof value === 'string' ? value : undefined;
}
