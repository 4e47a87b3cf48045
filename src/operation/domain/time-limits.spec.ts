import fc from 'fast-check';
import { businessDaysBetween, calendarDate, calendarDateAt, type HolidayCalendar } from '../../kernel';
import { isEndOverdue, lateIfSinceBefore, type TimeLimit, type Waiting } from './time-limits';

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

describe('the end of what was cancelled', () => {
  const since = { statusSince: friday, consentUntil: new Date('2026-12-01T00:00:00-03:00') };
  const limits = { canceling: { businessDays: 1 } } as const;
  it.each<[Omit<Waiting, keyof typeof since>, string, boolean]>([
    [{ status: 'signed', margin: 'pending_consent_with_deletion' }, '2026-11-30T23:59:59-03:00', false],
    [{ status: 'signed', margin: 'pending_consent_with_deletion' }, '2026-12-01T00:00:00-03:00', true],
    [{ status: 'signed', margin: 'pending_consent' }, '2026-12-24T00:00:00-03:00', false],
    [{ status: 'canceling', margin: null }, '2026-11-23T23:59:59-03:00', false],
    [{ status: 'canceling', margin: null }, '2026-11-24T00:00:00-03:00', true],
    [{ status: 'canceling', margin: 'held' }, '2026-11-24T00:00:00-03:00', true],
    // Of both the later.
    [{ status: 'canceling', margin: 'pending_consent_with_deletion' }, '2026-11-24T00:00:00-03:00', false],
    [{ status: 'canceling', margin: 'pending_consent_with_deletion' }, '2026-12-01T00:00:00-03:00', true],
    [{ status: 'reserved', margin: null }, '2026-12-24T00:00:00-03:00', false],
  ])('of %j at %s is overdue: %s', (endings, now, overdue) => {
    expect(isEndOverdue({ ...endings, ...since }, new Date(now), limits, calendar)).toBe(overdue);
  });

  it('is never overdue where nobody has said how long it may take', () => {
    const waiting = { status: 'canceling', margin: null, ...since } as const;
    expect(isEndOverdue(waiting, new Date('2027-01-01T00:00:00Z'), {}, calendar)).toBe(false);
  });
});
