import {
  addDays,
  addMonths,
  calendarDateAt,
  calendarDateOf,
  daysInMonth,
  instantOf,
  yearMonthDay,
  type CalendarDate,
} from '../../kernel';

/** When something is done again and again, in São Paulo. */
export type Recurrence =
  | { readonly every: 'day'; readonly hour: number }
  /** 1 is Monday. */
  | { readonly every: 'week'; readonly weekday: number; readonly hour: number }
  /** In a month without such a day, on its last. */
  | { readonly every: 'month'; readonly monthDay: number; readonly hour: number };

/** The first time after an instant. What fell due while nobody worked is done once, not as often as it was missed. */
export function nextRun(recurrence: Recurrence, after: Date): Date {
  const today = calendarDateAt(after);
  const soonest = instantOf(dayOf(recurrence, today), recurrence.hour);
  return soonest > after
    ? soonest
    : instantOf(dayOf(recurrence, following(recurrence, today)), recurrence.hour);
}

/** Of a time that has come, and those that came after it, the last until now: what is made late is of that one. */
export function lastRun(recurrence: Recurrence, due: Date, now: Date): Date {
  const next = nextRun(recurrence, due);
  return next > now ? due : lastRun(recurrence, next, now);
}

/** Its day in the week or month that a day is in. */
function dayOf(recurrence: Recurrence, day: CalendarDate): CalendarDate {
  switch (recurrence.every) {
    case 'day':
      return day;
    case 'week':
      return addDays(day, recurrence.weekday - weekdayOf(day));
    case 'month': {
      const { year, month } = yearMonthDay(day);
      return calendarDateOf(year, month, Math.min(recurrence.monthDay, daysInMonth(year, month)));
    }
  }
}

/** A day in the next period. */
function following({ every }: Recurrence, day: CalendarDate): CalendarDate {
  switch (every) {
    case 'day':
      return addDays(day, 1);
    case 'week':
      return addDays(day, 7);
    case 'month':
      return addMonths(day, 1);
  }
}

const weekdayOf = (day: CalendarDate): number => new Date(`${day}T12:00:00Z`).getUTCDay() || 7;
