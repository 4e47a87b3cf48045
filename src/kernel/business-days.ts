import {
  addDays,
  calendarDateOf,
  fromEpochDay,
  toEpochDay,
  yearMonthDay,
  type CalendarDate,
} from './calendar-date';

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

/** The nth business day, `from` itself counted when it is one. */
export function nthBusinessDayFrom(from: CalendarDate, nth: number, calendar: HolidayCalendar): CalendarDate {
  let day = from;
  for (let left = nth; ; day = addDays(day, 1)) {
    if (isBusinessDay(day, calendar)) left -= 1;
    if (left <= 0) return day;
  }
}

/**
 * Business days in (start, end]: the count QI prints as `workdays`. Zero when `end` is not after `start`.
 * @throws DateOutsideCalendarError when a day counted lies outside the calendar
 */
export function businessDaysBetween(
  start: CalendarDate,
  end: CalendarDate,
  calendar: HolidayCalendar,
): number {
  if (end <= start) return 0;
  const countUpTo = runningCounts(calendar);
  const firstDay = toEpochDay(calendarDateOf(calendar.firstYear, 1, 1));
  const before = countUpTo[toEpochDay(start) - firstDay + 1];
  const upToEnd = countUpTo[toEpochDay(end) - firstDay + 1];
  if (before === undefined) throw new DateOutsideCalendarError(addDays(start, 1), calendar);
  if (upToEnd === undefined) throw new DateOutsideCalendarError(end, calendar);
  return upToEnd - before;
}

const countsByCalendar = new WeakMap<HolidayCalendar, Int32Array>();

/**
 * Business days from the calendar's first day up to each day, so that a count is one subtraction. Entry 0 stands for
 * the eve of the first day. Computed once per calendar, which must not change afterwards.
 */
function runningCounts(calendar: HolidayCalendar): Int32Array {
  const known = countsByCalendar.get(calendar);
  if (known !== undefined) return known;
  const firstDay = toEpochDay(calendarDateOf(calendar.firstYear, 1, 1));
  const dayCount = toEpochDay(calendarDateOf(calendar.lastYear, 12, 31)) - firstDay + 1;
  const counts = new Int32Array(dayCount + 1);
  for (let index = 0; index < dayCount; index += 1) {
    const business = isBusinessDay(fromEpochDay(firstDay + index), calendar);
    counts[index + 1] = (counts[index] ?? 0) + (business ? 1 : 0);
  }
  countsByCalendar.set(calendar, counts);
  return counts;
}
