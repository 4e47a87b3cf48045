import { z } from 'zod';
import { CENT, Decimal } from '../../kernel';
import { paysLessReason } from './task';

const DAYS_OF_A_MONTH = 30;
/** Fees and IOF are still in what the interest runs on, and IOF is less for fewer days: twice the interest covers both. */
const GAIN_IN_INTEREST = 2;

/** What other contracts that are paid off may cost, as it was shown to the borrower with the change that was accepted. */
export interface PaidOff {
  readonly least: Decimal;
  readonly most: Decimal;
}

/** What a loan is to bring its borrower. */
export interface Owed {
  /** What the contract disburses. */
  readonly amount: Decimal;
  /** A fraction; undefined: not known. */
  readonly monthlyInterestRate: Decimal | undefined;
  /** Other contracts are, or may be, paid off first: the borrower gets less, by what they cost. `true`: nobody knows how much. */
  readonly paysOff: PaidOff | boolean;
}

/**
 * as_owed: to the cent, or what is left once other contracts are paid off.
 * on_another_day: the same instalments paid off a later payment, which is more by the interest of the days between.
 * unexplained: neither; a payment of which a part is still to come looks so too.
 */
export type PaidReading = 'as_owed' | 'on_another_day' | 'unexplained';

/**
 * Holds what QI has paid against what the loan is owed with.
 * @param parts each a transfer of its own, rounded by itself
 * @param days at most so many after the day for which the loan was calculated
 */
export function readPaid(parts: readonly Decimal[], owed: Owed, days: number): PaidReading {
  const difference = Decimal.sum(...parts).minus(owed.amount);
  const cents = CENT.times(parts.length);
  if (difference.abs().lte(cents)) return 'as_owed';
  const growth = new Decimal(1).plus(owed.monthlyInterestRate ?? 0).pow(days / DAYS_OF_A_MONTH);
  const gainOf = (amount: Decimal): Decimal => amount.times(growth.minus(1)).times(GAIN_IN_INTEREST);
  if (difference.gt(0)) return difference.lte(gainOf(owed.amount)) ? 'on_another_day' : 'unexplained';
  if (typeof owed.paysOff === 'boolean') return owed.paysOff ? 'as_owed' : 'unexplained';
  const [cost, { least, most }] = [difference.neg(), owed.paysOff];
  const isAccepted =
    cost.gte(least.minus(gainOf(owed.amount)).minus(cents)) && cost.lte(most.plus(gainOf(most)).plus(cents));
  return isAccepted ? 'as_owed' : 'unexplained';
}

const issued = z.object({ paid_off: z.object({ least: z.string(), most: z.string() }) });

/**
 * Whether a loan pays other contracts off, and what they may cost.
 * @param orders what the timeline keeps of its issue; one from before this was kept may pay off any
 */
export function paysOffOf(orders: readonly Readonly<Record<string, unknown>>[]): Owed['paysOff'] {
  const paying = orders.filter((order) => order['pays_off'] !== false);
  const [kept] = paying.map((order) => issued.safeParse(order));
  if (kept?.success !== true) return paying.length > 0;
  const { least, most } = kept.data.paid_off;
  return { least: new Decimal(least), most: new Decimal(most) };
}

const told = z.object({
  payments: z.array(
    z.object({
      amount: z.string().optional(),
      end_to_end_id: z.string().optional(),
      transaction_key: z.string().optional(),
      timestamp: z.string().optional(),
    }),
  ),
});

/**
 * The transfers that a loan's payments consist of, each once, whichever of them told it.
 * @param payments what the timeline keeps of each
 * @returns undefined when QI did not print what was paid, or not of all
 */
export function partsPaid(payments: readonly Readonly<Record<string, unknown>>[]): Decimal[] | undefined {
  const parts = new Map<string, Decimal>();
  for (const summary of payments) {
    const read = told.safeParse(summary);
    for (const [i, part] of (read.success ? read.data.payments : []).entries()) {
      if (part.amount === undefined) return undefined;
      const name = part.transaction_key ?? part.end_to_end_id ?? [i, part.timestamp, part.amount].join(' ');
      parts.set(name, new Decimal(part.amount));
    }
  }
  return parts.size === 0 ? undefined : [...parts.values()];
}

/** What had been paid in all once each of the parts had come. */
export function sumsPaid(parts: readonly Decimal[]): Decimal[] {
  return parts.map((_, last) => Decimal.sum(...parts.slice(0, last + 1)));
}

/**
 * What the borrower has agreed to be paid: a lower day only where people have ended the task that told of it. That such a task
 * ended by itself is nobody's word.
 * @param ended what stood in the tasks that people have ended, the last first
 */
export function lastAgreedTo(
  accepted: Decimal,
  lower: readonly Decimal[],
  ended: readonly string[],
): Decimal {
  const isTold = (message: string, day: Decimal): boolean =>
    [accepted, ...lower].some((before) => message.includes(paysLessReason(day, before).message));
  const [agreed] = ended.flatMap((message) => lower.filter((day) => isTold(message, day)));
  return agreed ?? accepted;
}
