import fc from 'fast-check';
import {
  addDays,
  businessDaysBetween,
  calendarDate,
  calendarDateOf,
  DateOutsideCalendarError,
  isBusinessDay,
  nextBusinessDay,
  type CalendarDate,
  type HolidayCalendar,
} from './index';

const CALENDAR: HolidayCalendar = {
  firstYear: 2024,
  lastYear: 2025,
  holidays: new Set([calendarDate('2024-12-25'), calendarDate('2025-01-01'), calendarDate('2024-11-20')]),
};
const on = calendarDate;

describe('business days', () => {
  test.each<[string, boolean]>([
    ['2024-12-20', true], // Friday
    ['2024-12-21', false],
    ['2024-12-22', false],
    ['2024-12-23', true],
    ['2024-12-25', false],
    ['2024-12-26', true],
    ['2024-11-20', false],
    ['2024-01-01', true], // not in this calendar's list
    ['2025-12-31', true],
  ])('%s: %s', (date, expected) => {
    expect(isBusinessDay(on(date), CALENDAR)).toBe(expected);
  });

  test.each<[string, string]>([
    ['2024-12-20', '2024-12-20'],
    ['2024-12-21', '2024-12-23'],
    ['2024-12-25', '2024-12-26'],
    ['2025-01-01', '2025-01-02'],
  ])('the business day at or after %s is %s', (date, expected) => {
    expect(nextBusinessDay(on(date), CALENDAR)).toBe(expected);
  });

  test.each<[string, string, number]>([
    ['2024-12-20', '2024-12-23', 1], // the start is not counted, the end is
    ['2024-12-20', '2024-12-22', 0],
    ['2024-12-24', '2025-01-02', 5],
    ['2024-12-23', '2024-12-23', 0],
    ['2024-12-24', '2024-12-20', 0],
    ['2024-01-01', '2025-12-31', 519],
  ])('business days in (%s, %s]: %i', (start, end, expected) => {
    expect(businessDaysBetween(on(start), on(end), CALENDAR)).toBe(expected);
  });

  test('the count is that of going through the days one by one', () => {
    const day = fc.integer({ min: 0, max: 730 }).map((days) => addDays(on('2024-01-01'), days));
    fc.assert(
      fc.property(day, day, (start, end) => {
        let expected = 0;
        for (let date = addDays(start, 1); date <= end; date = addDays(date, 1)) {
          if (isBusinessDay(date, CALENDAR)) expected += 1;
        }
        expect(businessDaysBetween(start, end, CALENDAR)).toBe(expected);
      }),
    );
  });

  test.each<[string, () => unknown]>([
    ['a day before the first year', () => isBusinessDay(on('2023-12-31'), CALENDAR)],
    ['a day after the last year', () => isBusinessDay(on('2026-01-01'), CALENDAR)],
    [
      'a search that leaves the last year',
      () => nextBusinessDay(on('2025-12-31'), { ...CALENDAR, holidays: new Set([on('2025-12-31')]) }),
    ],
    [
      'a count to after the last year',
      () => businessDaysBetween(on('2025-12-31'), on('2026-01-02'), CALENDAR),
    ],
    [
      'a count from before the first year',
      () => businessDaysBetween(on('2023-12-30'), on('2024-01-02'), CALENDAR),
    ],
    ['a count wholly outside', () => businessDaysBetween(on('1999-12-30'), on('2000-01-02'), CALENDAR)],
  ])('%s is an error, not a guess', (_name, ask) => {
    expect(ask).toThrow(DateOutsideCalendarError);
  });

  test('a count may start on the eve of the first day, which it does not look at', () => {
    expect(businessDaysBetween(on('2023-12-31'), on('2024-01-02'), CALENDAR)).toBe(2);
  });

  test('the error names the date and the range', () => {
    expect(() => isBusinessDay(on('2026-01-01'), CALENDAR)).toThrow(
      '2026-01-01 is outside the holiday calendar (2024 to 2025)',
    );
  });

  test('weekdays are right before 1970 too', () => {
    const calendar: HolidayCalendar = { firstYear: 1969, lastYear: 1970, holidays: new Set<CalendarDate>() };
    const names = [3, 4, 5, 6, 7, 8, 9].map((dayOfMonth) =>
      isBusinessDay(calendarDateOf(1969, 11, dayOfMonth), calendar),
    );
    expect(names).toEqual([true, true, true, true, true, false, false]); // 3 November 1969 was a Monday
  });
});
