import { addDays, fromEpochDay, toEpochDay, yearMonthDay, type CalendarDate } from './calendar-date';

/** National bank holidays (ANBIMA) over a range of years; a date outside the range is an error, not a guess. */
export interface HolidayCalendar {
  readonly firstYear: number;
  readonly lastYear: number;
  readonly holidays: ReadonlySet<CalendarDate>;
}

export class DateOutsideCalendarError extends RangeError {
  override readonly name = 'DateOutsideCalendarError';
  constructor(date: CalendarDate, calendar: HolidayCalendar) {
    super(`${date} is outside the holiday calendar (${calendar.firstYear} to ${calendar.lastYear})`);
  }
}

export function isBusinessDay(date: CalendarDate, calendar: HolidayCalendar): boolean {
  const { year } = yearMonthDay(date);
  if (year < calendar.firstYear || year > calendar.lastYear)
    throw new DateOutsideCalendarError(date, calendar);
  const weekday = (((toEpochDay(date) + 4) % 7) + 7) % 7; // 1970-01-01 was a Thursday; 0 is Sunday
  return weekday !== 0 && weekday !== 6 && !calendar.holidays.has(date);
}

/** The date itself when it is a business day, else the next one. */
export function nextBusinessDay(date: CalendarDate, calendar: HolidayCalendar): CalendarDate {
  let candidate = date;
  while (!isBusinessDay(candidate, calendar)) candidate = addDays(candidate, 1);
  return candidate;
}

/** Business days in (start, end]: the count QI prints as `workdays`. */
export function businessDaysBetween(
  start: CalendarDate,
  end: CalendarDate,
  calendar: HolidayCalendar,
): number {
  let count = 0;
  for (let day = toEpochDay(start) + 1; day <= toEpochDay(end); day += 1) {
    if (isBusinessDay(fromEpochDay(day), calendar)) count += 1;
  }
  return count;
}
