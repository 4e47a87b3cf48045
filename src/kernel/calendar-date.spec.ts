import fc from 'fast-check';
import { DateTime } from 'luxon';
import {
  addDays,
  addMonths,
  ageInYears,
  calendarDate,
  calendarDateAt,
  calendarDateOf,
  completedMonths,
  daysBetween,
  daysInMonth,
  fromEpochDay,
  hourAt,
  parseCalendarDate,
  toEpochDay,
  yearMonthDay,
} from './index';

const day = fc
  .integer({ min: toEpochDay(calendarDate('1900-01-01')), max: toEpochDay(calendarDate('2100-12-31')) })
  .map(fromEpochDay);

describe('reading', () => {
  test.each(['2024-02-29', '2000-02-29', '1800-01-01', '2025-12-31', '9999-04-30'])('%s exists', (text) => {
    expect(parseCalendarDate(text)).toBe(text);
    expect(calendarDate(text)).toBe(text);
  });

  test.each([
    '2025-02-29',
    '1900-02-29',
    '2100-02-29',
    '2025-04-31',
    '2025-06-31',
    '2025-09-31',
    '2025-11-31',
    '2025-01-32',
    '2025-00-10',
    '2025-13-10',
    '2025-10-00',
    '1799-12-31',
    '25-01-01',
    '2025-1-01',
    '2025-01-01 ',
    ' 2025-01-01',
    '2025-01-01T00:00:00Z',
    '01/01/2025',
    '',
  ])('%j does not', (text) => {
    expect(parseCalendarDate(text)).toBeUndefined();
    expect(() => calendarDate(text)).toThrow(`not a calendar date: ${text}`);
  });

  test('a date is made of its year, month and day', () => {
    expect(yearMonthDay(calendarDate('2025-03-09'))).toEqual({ year: 2025, month: 3, day: 9 });
    expect(calendarDateOf(2025, 3, 9)).toBe('2025-03-09');
    expect(calendarDateOf(987, 12, 31)).toBe('0987-12-31');
  });

  test('months have their days', () => {
    const common = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    expect(common.map((_, index) => daysInMonth(2025, index + 1))).toEqual(common);
    expect([2024, 2000, 1900, 2100].map((year) => daysInMonth(year, 2))).toEqual([29, 29, 28, 28]);
  });
});

describe('counting days', () => {
  test('1970-01-01 is day 0', () => {
    expect(toEpochDay(calendarDate('1970-01-01'))).toBe(0);
    expect(toEpochDay(calendarDate('1969-12-31'))).toBe(-1);
    expect(fromEpochDay(-1)).toBe('1969-12-31');
  });

  test.each<[string, string, number]>([
    ['2024-02-28', '2024-03-01', 2],
    ['2025-02-28', '2025-03-01', 1],
    ['2023-06-30', '2024-10-01', 459],
    ['2025-10-18', '2025-10-20', 2], // once the start of daylight saving in Brazil
    ['2025-03-21', '2025-03-20', -1],
  ])('from %s to %s: %i', (from, to, days) => {
    expect(daysBetween(calendarDate(from), calendarDate(to))).toBe(days);
    expect(addDays(calendarDate(from), days)).toBe(to);
  });

  test('days there and back', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -50_000, max: 50_000 }), (date, days) => {
        expect(daysBetween(date, addDays(date, days))).toBe(days);
        expect(fromEpochDay(toEpochDay(date))).toBe(date);
      }),
    );
  });

  test('dates sort as text', () => {
    fc.assert(
      fc.property(day, day, (a, b) => {
        expect(a < b).toBe(toEpochDay(a) < toEpochDay(b));
      }),
    );
  });
});

describe('months', () => {
  test.each<[string, number, string]>([
    ['2025-01-31', 1, '2025-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2025-01-31', 2, '2025-03-31'],
    ['2025-11-15', 2, '2026-01-15'],
    ['2025-12-01', 0, '2025-12-01'],
    ['2025-12-01', 1, '2026-01-01'],
    ['2025-01-15', -1, '2024-12-15'],
    ['2025-03-31', -13, '2024-02-29'],
    ['2024-02-29', 12, '2025-02-28'],
  ])('%s and %i months: %s', (date, months, expected) => {
    expect(addMonths(calendarDate(date), months)).toBe(expected);
  });

  test.each<[string, string, number]>([
    ['2025-01-15', '2025-02-14', 0],
    ['2025-01-15', '2025-02-15', 1],
    ['2025-01-31', '2025-02-28', 1],
    ['2025-01-31', '2025-02-27', 0],
    ['2024-01-31', '2024-02-28', 0],
    ['2023-05-20', '2025-05-20', 24],
    ['2025-02-15', '2025-01-15', -1],
    ['2025-02-14', '2025-01-15', 0],
    ['2025-01-15', '2025-01-15', 0],
  ])('completed from %s to %s: %i', (from, to, months) => {
    expect(completedMonths(calendarDate(from), calendarDate(to)) + 0).toBe(months);
  });

  test('as many months as were added are completed', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 500 }), (date, months) => {
        expect(completedMonths(date, addMonths(date, months))).toBe(months);
      }),
    );
  });

  test.each<[string, string, number]>([
    ['1990-05-20', '2025-05-19', 34],
    ['1990-05-20', '2025-05-20', 35],
    ['2000-02-29', '2025-02-27', 24],
    ['2000-02-29', '2025-02-28', 25],
    ['2000-02-29', '2024-02-28', 23],
    ['2000-02-29', '2024-02-29', 24],
  ])('born %s, on %s: %i years', (birth, on, years) => {
    expect(ageInYears(calendarDate(birth), calendarDate(on))).toBe(years);
  });
});

describe('the day and hour of an instant', () => {
  test('in Sao Paulo, three hours behind UTC', () => {
    expect(calendarDateAt(new Date('2025-03-21T02:59:59Z'))).toBe('2025-03-20');
    expect(calendarDateAt(new Date('2025-03-21T03:00:00Z'))).toBe('2025-03-21');
    expect(hourAt(new Date('2025-03-21T02:59:59Z'))).toBe(23);
    expect(hourAt(new Date('2025-03-21T03:00:00Z'))).toBe(0);
  });

  test('with daylight saving while Brazil had it', () => {
    expect(hourAt(new Date('2018-12-01T02:30:00Z'))).toBe(0);
    expect(calendarDateAt(new Date('2018-12-01T02:30:00Z'))).toBe('2018-12-01');
  });

  test('in another zone', () => {
    expect(calendarDateAt(new Date('2025-03-21T23:30:00Z'), 'Asia/Tokyo')).toBe('2025-03-22');
    expect(hourAt(new Date('2025-03-21T23:30:00Z'), 'utc')).toBe(23);
  });
});

describe('the day and the hour of an instant', () => {
  it('follow the clocks of the zone, also across the quarters at which they are changed', () => {
    const instants = [
      '2018-11-04T02:59:59.999Z',
      '2018-11-04T03:00:00Z',
      '2019-02-17T01:59:59Z',
      '2019-02-17T02:00:00Z',
    ];
    const shown = instants.map((text) => {
      const instant = new Date(text);
      return `${calendarDateAt(instant)} ${String(hourAt(instant))}`;
    });
    expect(shown).toEqual(['2018-11-03 23', '2018-11-04 1', '2019-02-16 23', '2019-02-16 23']);
  });

  it('are what luxon says, in whatever order they are asked for', () => {
    const zones = ['America/Sao_Paulo', 'utc', 'Asia/Kathmandu', 'Africa/Monrovia', 'Australia/Lord_Howe'];
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1975-01-01'), max: new Date('2045-01-01'), noInvalidDate: true }),
        fc.constantFrom(...zones),
        (instant, zone) => {
          const expected = DateTime.fromJSDate(instant, { zone });
          expect(calendarDateAt(instant, zone)).toBe(expected.toFormat('yyyy-MM-dd'));
          expect(hourAt(instant, zone)).toBe(expected.hour);
        },
      ),
    );
  });
});
