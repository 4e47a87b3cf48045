import { addMonths, calendarDateOf, yearMonthDay, type CalendarDate } from '../../kernel';

/** One closing of the payroll: dated data that the user fills. */
export interface PayrollMonth {
  /** The last day on which a reservation is still deducted from this pay. */
  readonly cutOff: CalendarDate;
  /** The first day of the month whose pay it is deducted from. */
  readonly competence: CalendarDate;
}

export interface PayrollCalendar {
  /** At most one closing a month. */
  readonly months: readonly PayrollMonth[];
  /** For months that nobody has filled in: reservations up to this day are deducted from the next month's pay. */
  readonly assumedCutOffDay: number;
}

export interface FirstDeduction extends PayrollMonth {
  /** The calendar says so; otherwise it is assumed, and people must be told. */
  readonly isVerified: boolean;
}

/** The first pay from which a reservation of this day is deducted: that of the first closing that it does not miss. */
export function firstDeduction(reservedOn: CalendarDate, calendar: PayrollCalendar): FirstDeduction {
  const { year, month } = yearMonthDay(reservedOn);
  const thisMonth = calendarDateOf(year, month, 1);
  const closing = closingIn(thisMonth, calendar);
  if (reservedOn <= closing.cutOff) return closing;
  const next = closingIn(addMonths(thisMonth, 1), calendar);
  return { ...next, isVerified: next.isVerified && closing.isVerified };
}

function closingIn(month: CalendarDate, { months, assumedCutOffDay }: PayrollCalendar): FirstDeduction {
  const known = months.find(({ cutOff }) => cutOff.slice(0, 7) === month.slice(0, 7));
  if (known !== undefined) return { ...known, isVerified: true };
  const { year, month: number } = yearMonthDay(month);
  const cutOff = calendarDateOf(year, number, assumedCutOffDay);
  return { cutOff, competence: addMonths(month, 1), isVerified: false };
}
