import { DateTime } from 'luxon';

declare const calendarDateBrand: unique symbol;
/** A day of the calendar, written YYYY-MM-DD: no time, no zone. Compares and sorts as text. */
export type CalendarDate = string & { readonly [calendarDateBrand]: true };

/** The zone of Brazilian payroll, of the programme's rules and of our users. */
export const SAO_PAULO = 'America/Sao_Paulo';

const MS_PER_DAY = 86_400_000;
const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Reads YYYY-MM-DD; undefined when it is not a day that exists (2025-02-30). */
export function parseCalendarDate(text: string): CalendarDate | undefined {
  const match = ISO_DATE.exec(text);
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1800 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  return text as CalendarDate;
}

/** A date written in code or already checked; throws when it does not exist. */
export function calendarDate(text: string): CalendarDate {
  const date = parseCalendarDate(text);
  if (date === undefined) throw new RangeError(`not a calendar date: ${text}`);
  return date;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

interface YearMonthDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function yearMonthDay(date: CalendarDate): YearMonthDay {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) };
}

export function calendarDateOf(year: number, month: number, day: number): CalendarDate {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` as CalendarDate;
}

/** Days since 1970-01-01: integer arithmetic for schedules and day counts. */
export function toEpochDay(date: CalendarDate): number {
  const { year, month, day } = yearMonthDay(date);
  return Date.UTC(year, month - 1, day) / MS_PER_DAY;
}

let lastDay = { epochDay: Number.NaN, date: '' as CalendarDate };

export function fromEpochDay(epochDay: number): CalendarDate {
  if (lastDay.epochDay !== epochDay) {
    const date = new Date(epochDay * MS_PER_DAY).toISOString().slice(0, 10) as CalendarDate;
    lastDay = { epochDay, date }; // most often it is today again
  }
  return lastDay.date;
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  return fromEpochDay(toEpochDay(date) + days);
}

/** Same day `months` later; the last day of the month where that day does not exist (31 Jan + 1 = 28 Feb). */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const { year, month, day } = yearMonthDay(date);
  const index = year * 12 + (month - 1) + months;
  const [toYear, toMonth] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
  return calendarDateOf(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth)));
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return toEpochDay(to) - toEpochDay(from);
}

/** Whole months completed from `from` to `to`: 31 Jan to 28 Feb is one (the month's last day completes it). */
export function completedMonths(from: CalendarDate, to: CalendarDate): number {
  if (to < from) return -completedMonths(to, from);
  const [a, b] = [yearMonthDay(from), yearMonthDay(to)];
  const months = (b.year - a.year) * 12 + (b.month - a.month);
  const completes = b.day >= Math.min(a.day, daysInMonth(b.year, b.month));
  return completes ? months : months - 1;
}

/** Age in whole years on `on`; a 29 February birthday counts from 28 February in common years. */
export function ageInYears(birthDate: CalendarDate, on: CalendarDate): number {
  return Math.floor(completedMonths(birthDate, on) / 12);
}

/** The day it is at `instant` in `zone`. */
export function calendarDateAt(instant: Date, zone: string = SAO_PAULO): CalendarDate {
  return fromEpochDay(Math.floor(localMs(instant, zone) / MS_PER_DAY));
}

/** The hour of the day (0 to 23) at `instant` in `zone`. */
export function hourAt(instant: Date, zone: string = SAO_PAULO): number {
  return new Date(localMs(instant, zone)).getUTCHours();
}

/** The instant at which the zone's clocks show this hour (0 to 23) of a day. */
export function instantOf(date: CalendarDate, hour: number, zone: string = SAO_PAULO): Date {
  return DateTime.fromISO(date, { zone }).set({ hour }).toJSDate();
}

/** Clocks are put forward and back on the quarter of an hour, everywhere and ever since zones have names here. */
const QUARTER_MS = 900_000;
let lastOffset = { zone: '', quarter: Number.NaN, ms: 0 };

/** The instant as the zone's clocks show it, in milliseconds. Asking a calendar costs more than all else in a decision. */
function localMs(instant: Date, zone: string): number {
  const ms = instant.getTime();
  const quarter = Math.floor(ms / QUARTER_MS);
  if (lastOffset.zone !== zone || lastOffset.quarter !== quarter) {
    const minutes = DateTime.fromJSDate(instant, { zone }).offset;
    lastOffset = { zone, quarter, ms: minutes * 60_000 };
  }
  return ms + lastOffset.ms;
}
