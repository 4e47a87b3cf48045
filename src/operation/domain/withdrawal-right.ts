import { DateTime } from 'luxon';
import {
  addDays,
  calendarDateAt,
  nthBusinessDayFrom,
  parseCalendarDate,
  type CalendarDate,
  type HolidayCalendar,
} from '../../kernel';

/** QI's two printed periods in which a withdrawal is taken; nobody knows which of them holds. */
export interface WithdrawalPeriods {
  /** Calendar days after the payment. */
  readonly days: number;
  /** Bank business days after the payment. */
  readonly businessDays: number;
}

export interface WithdrawalRight {
  readonly paidOn: CalendarDate;
  /** The stricter of the two: what the borrower is told. */
  readonly until: CalendarDate;
  /** The other: up to here QI may still take it. */
  readonly latest: CalendarDate;
}

/** Why the money of a paid loan is not to be asked back (any more). */
export type WithdrawalObstacle =
  | { readonly kind: 'paid_off' }
  | { readonly kind: 'withdrawal_over'; readonly latest: CalendarDate };

/**
 * Until when a borrower may withdraw from a paid loan.
 * @param paidAt when we heard of the payment
 * @param paidTexts when its parts were made, as QI prints them; the earliest of all counts
 */
export function withdrawalRight(
  paidAt: Date,
  paidTexts: readonly string[],
  { days, businessDays }: WithdrawalPeriods,
  calendar: HolidayCalendar,
): WithdrawalRight {
  const printed = paidTexts.flatMap((text) => printedDay(text) ?? []);
  const paidOn = printed.reduce((first, day) => (day < first ? day : first), calendarDateAt(paidAt));
  const byDays = addDays(paidOn, days);
  const byBusinessDays = nthBusinessDayFrom(addDays(paidOn, 1), businessDays, calendar);
  const [until, latest] = byDays < byBusinessDays ? [byDays, byBusinessDays] : [byBusinessDays, byDays];
  return { paidOn, until, latest };
}

/** The day in São Paulo of a moment that QI prints: without a zone it is UTC. A day alone is that day. */
function printedDay(text: string): CalendarDate | undefined {
  const day = parseCalendarDate(text.slice(0, 10));
  const moment = DateTime.fromISO(text.replace(' ', 'T'), { zone: 'utc' });
  return day === undefined || text === day || !moment.isValid ? day : calendarDateAt(moment.toJSDate());
}
