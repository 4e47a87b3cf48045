import { addMonths, calendarDateOf, daysInMonth, yearMonthDay, type CalendarDate } from '../../kernel';

/** How a contract meets the payroll: dated, for the rules of the programme change. */
export interface PayrollRule {
  readonly validFrom: CalendarDate;
  readonly validTo: CalendarDate | undefined;
  /** Contracts registered up to this day of a month belong to that month; later ones to the next. */
  readonly cutOffDay: number;
  /** The month of the contract and this many later is the month of the first due date. */
  readonly monthsToFirstDue: number;
  /** The day of the month on which instalments fall due. */
  readonly dueDay: number;
}

/**
 * The first due date of a contract registered on `registeredOn`; undefined when no rule is in force that day.
 * Programme rule (Portaria MTE 435/2025, article 24): contracts registered from day 21 of a month to day 20 of the
 * next are first deducted in the payroll of the month after; the employer pays that deduction on in the month that
 * follows. QI's printed disbursement agrees: paid on 29 January, first due on 28 April.
 */
export function firstDueDate(
  registeredOn: CalendarDate,
  rules: readonly PayrollRule[],
): CalendarDate | undefined {
  const rule = rules.find(
    ({ validFrom, validTo }) =>
      validFrom <= registeredOn && (validTo === undefined || registeredOn <= validTo),
  );
  if (rule === undefined) return undefined;
  const { year, month, day } = yearMonthDay(registeredOn);
  const monthsAhead = rule.monthsToFirstDue + (day > rule.cutOffDay ? 1 : 0);
  const due = yearMonthDay(addMonths(calendarDateOf(year, month, 1), monthsAhead));
  return calendarDateOf(due.year, due.month, Math.min(rule.dueDay, daysInMonth(due.year, due.month)));
}
