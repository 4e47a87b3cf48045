import { lastRun, nextRun, type Recurrence } from './next-run';

/** São Paulo is three hours behind. 28 November 2026 is a Saturday. */
const NOW = new Date('2026-11-28T12:00:00Z');

describe('the next run', () => {
  it.each<[string, Recurrence, string]>([
    ['later today', { every: 'day', hour: 10 }, '2026-11-28T13:00:00.000Z'],
    ['tomorrow, for it is that hour now', { every: 'day', hour: 9 }, '2026-11-29T12:00:00.000Z'],
    ['today, of the week', { every: 'week', weekday: 6, hour: 23 }, '2026-11-29T02:00:00.000Z'],
    ['next Monday', { every: 'week', weekday: 1, hour: 7 }, '2026-11-30T10:00:00.000Z'],
    ['next Saturday', { every: 'week', weekday: 6, hour: 0 }, '2026-12-05T03:00:00.000Z'],
    ['Sunday of this week', { every: 'week', weekday: 7, hour: 0 }, '2026-11-29T03:00:00.000Z'],
    ['the last of a short month', { every: 'month', monthDay: 31, hour: 7 }, '2026-11-30T10:00:00.000Z'],
    ['next month', { every: 'month', monthDay: 1, hour: 7 }, '2026-12-01T10:00:00.000Z'],
  ])('is %s', (_, recurrence, expected) => {
    expect(nextRun(recurrence, NOW).toISOString()).toBe(expected);
  });

  it('of a month is never skipped for want of a day', () => {
    const at = (text: string) =>
      nextRun({ every: 'month', monthDay: 31, hour: 7 }, new Date(text)).toISOString();
    expect(at('2027-01-31T10:00:00Z')).toBe('2027-02-28T10:00:00.000Z');
    expect(at('2027-02-28T10:00:00Z')).toBe('2027-03-31T10:00:00.000Z');
  });
});

it.each([
  ['just now', '2026-11-28T02:00:00Z', '2026-11-28T02:00:00Z', '2026-11-28T02:00:00Z'],
  ['an hour ago, on the day before', '2026-11-28T02:00:00Z', '2026-11-28T03:10:00Z', '2026-11-28T02:00:00Z'],
  [
    'three days ago, and on two since',
    '2026-11-25T02:00:00Z',
    '2026-11-28T01:00:00Z',
    '2026-11-27T02:00:00Z',
  ],
])('was last due: %s', (_, due, now, expected) => {
  expect(lastRun({ every: 'day', hour: 23 }, new Date(due), new Date(now))).toEqual(new Date(expected));
});
