import {
  addDays,
  addMonths,
  calendarDateOf,
  isBusinessDay,
  nthBusinessDayFrom,
  yearMonthDay,
  type CalendarDate,
  type HolidayCalendar,
} from '../../../../kernel';
import type { FgtsData } from './rules';

/** A time in which Caixa takes neither queries nor endorsements. */
export interface LockedWindow {
  readonly from: CalendarDate;
  /** The first day on which they are taken again. */
  readonly permittedFrom: CalendarDate;
}

/** Seen from a day: the window it falls into, or the next one. */
export interface LockedWindowOn extends LockedWindow {
  readonly isNow: boolean;
}

/**
 * The locked window that a day falls into, or the next one after it, around a birthday month. For warning beforehand:
 * what counts is the date that Caixa gives with its refusal.
 * @throws DateOutsideCalendarError when the window lies outside the holiday calendar
 */
export function lockedWindow(
  birthMonth: number,
  on: CalendarDate,
  data: Pick<FgtsData, 'lockedBusinessDaysBefore' | 'permittedFromBusinessDay'>,
  calendar: HolidayCalendar,
): LockedWindowOn {
  const { year } = yearMonthDay(on);
  const windows = [year - 1, year, year + 1].map((each) => windowOf(each, birthMonth, data, calendar));
  const found =
    windows.find(({ permittedFrom }) => on < permittedFrom) ?? windowOf(year + 2, birthMonth, data, calendar);
  return { ...found, isNow: found.from <= on };
}

function windowOf(
  year: number,
  birthMonth: number,
  data: Pick<FgtsData, 'lockedBusinessDaysBefore' | 'permittedFromBusinessDay'>,
  calendar: HolidayCalendar,
): LockedWindow {
  const firstOfMonth = calendarDateOf(year, birthMonth, 1);
  return {
    from: businessDayBefore(firstOfMonth, data.lockedBusinessDaysBefore, calendar),
    permittedFrom: nthBusinessDayFrom(addMonths(firstOfMonth, 1), data.permittedFromBusinessDay, calendar),
  };
}

function businessDayBefore(date: CalendarDate, count: number, calendar: HolidayCalendar): CalendarDate {
  let day = date;
  for (let left = count; left > 0;) {
    day = addDays(day, -1);
    if (isBusinessDay(day, calendar)) left -= 1;
  }
  return day;
}
