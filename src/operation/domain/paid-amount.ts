import { z } from 'zod';
import { Decimal } from '../../kernel';
import { paysLessReason } from './task';

const CENT = new Decimal('0.01');
const DAYS_OF_A_MONTH = 30;
/** Fees and IOF are still in what the interest runs on, and IOF is less for fewer days: twice the interest covers both. */
const GAIN_IN_INTEREST = 2;

/** What a loan is to bring its borrower. */
export interface Owed {
  /** What the contract disburses. */
  readonly amount: Decimal;
  /** A fraction; undefined: not known. */
  readonly monthlyInterestRate: Decimal | undefined;
  /** Other contracts are, or may be, paid off first: the borrower gets less, by what they cost on the day of payment. */
  readonly paysOff: boolean;
}

/**
 * as_owed: to the cent, or what may be left once other contracts are paid off.
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
  if (difference.abs().lte(CENT.times(parts.length))) return 'as_owed';
  if (difference.lt(0)) return owed.paysOff ? 'as_owed' : 'unexplained';
  const growth = new Decimal(1).plus(owed.monthlyInterestRate ?? 0).pow(days / DAYS_OF_A_MONTH);
  const gain = owed.amount.times(growth.minus(1)).times(GAIN_IN_INTEREST);
  return difference.lte(gain) ? 'on_another_day' : 'unexplained';
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
