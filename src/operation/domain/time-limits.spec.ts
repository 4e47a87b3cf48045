import fc from 'fast-check';
import { businessDaysBetween, calendarDate, calendarDateAt, type HolidayCalendar } from '../../kernel';
import { lateIfSinceBefore, type TimeLimit } from './time-limits';

const calendar: HolidayCalendar = {
  firstYear: 2026,
  lastYear: 2027,
  holidays: new Set([calendarDate('2026-12-25')]),
};
const isLate = (since: Date, now: Date, limit: TimeLimit) => since < lateIfSinceBefore(now, limit, calendar);
const friday = new Date('2026-11-20T15:00:00-03:00');

describe('a loan is late', () => {
  it.each([
    ['2026-11-20T17:00:00-03:00', false],
    ['2026-11-20T17:00:01-03:00', true],
  ])('after two hours: at %s %s', (now, late) => {
    expect(isLate(friday, new Date(now), { hours: 2 })).toBe(late);
  });

  it.each([
    ['2026-11-22T23:00:00-03:00', false],
    ['2026-11-24T23:59:59-03:00', false],
    ['2026-11-25T00:00:00-03:00', true],
  ])('after two business days from a Friday: at %s %s', (now, late) => {
    expect(isLate(friday, new Date(now), { businessDays: 2 })).toBe(late);
  });

  it('when more business days than allowed lie between', () => {
    const instant = fc.date({
      min: new Date('2026-12-01T00:00:00Z'),
      max: new Date('2027-02-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, instant, fc.integer({ min: 0, max: 8 }), (a, b, businessDays) => {
        const [since, now] = a < b ? [a, b] : [b, a];
        const between = businessDaysBetween(calendarDateAt(since), calendarDateAt(now), calendar);
        expect(isLate(since, now, { businessDays })).toBe(between > businessDays);
      }),
      { numRuns: 2_000 },
    );
  });
});
