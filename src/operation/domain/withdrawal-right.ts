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

/**
 * Until when a borrower may withdraw from a paid loan.
 * @param paidAt when we heard of the payment
 * @param paidText when it was made, as QI prints it; the earlier of the two counts
 */
export function withdrawalRight(
  paidAt: Date,
  paidText: string | undefined,
  { days, businessDays }: WithdrawalPeriods,
  calendar: HolidayCalendar,
): WithdrawalRight {
  const heard = calendarDateAt(paidAt);
  const printed = parseCalendarDate(paidText?.slice(0, 10) ?? '');
  const paidOn = printed !== undefined && printed < heard ? printed : heard;
  const byDays = addDays(paidOn, days);
  const byBusinessDays = nthBusinessDayFrom(addDays(paidOn, 1), businessDays, calendar);
  const [until, latest] = byDays < byBusinessDays ? [byDays, byBusinessDays] : [byBusinessDays, byDays];
  return { paidOn, until, latest };
}
