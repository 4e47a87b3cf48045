import {
  addDays,
  calendarDateOf,
  isBusinessDay,
  nextBusinessDay,
  yearMonthDay,
  type CalendarDate,
  type HolidayCalendar,
} from '../src/kernel';

const [FIRST_YEAR, LAST_YEAR] = [2001, 2078];

/** National holidays of fixed date: month, day, and the first year of those that are newer than the range. */
const FIXED: readonly (readonly [month: number, day: number, since?: number])[] = [
  [1, 1],
  [4, 21],
  [5, 1],
  [9, 7],
  [10, 12],
  [11, 2],
  [11, 15],
  [11, 20, 2024],
  [12, 25],
];

/** Carnival's Monday and Tuesday, Good Friday and Corpus Christi, in days from Easter. */
const MOVABLE = [-48, -47, -2, 60] as const;

/** The days on which Brazilian banks are closed, worked out from the law. */
export const BANK_CALENDAR: HolidayCalendar = {
  firstYear: FIRST_YEAR,
  lastYear: LAST_YEAR,
  holidays: new Set(
    Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, i) => holidaysOf(FIRST_YEAR + i)).flat(),
  ),
};

/** The second business day of the month after `day`: when Caixa takes requests again. */
export function secondBusinessDayOfNextMonth(day: CalendarDate): CalendarDate {
  const { year, month } = yearMonthDay(day);
  const first = nextBusinessDay(
    month === 12 ? calendarDateOf(year + 1, 1, 1) : calendarDateOf(year, month + 1, 1),
    BANK_CALENDAR,
  );
  return nextBusinessDay(addDays(first, 1), BANK_CALENDAR);
}

export const isBankDay = (day: CalendarDate): boolean => isBusinessDay(day, BANK_CALENDAR);

function holidaysOf(year: number): CalendarDate[] {
  const fixed = FIXED.filter(([, , since]) => since === undefined || year >= since);
  return [
    ...fixed.map(([month, day]) => calendarDateOf(year, month, day)),
    ...MOVABLE.map((days) => addDays(easter(year), days)),
  ];
}

/** Gregorian Easter (Meeus, Jones and Butcher). */
function easter(year: number): CalendarDate {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return calendarDateOf(year, Math.floor(n / 31), (n % 31) + 1);
}
