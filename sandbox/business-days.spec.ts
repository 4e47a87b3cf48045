import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calendarDate } from '../src/kernel';
import { BANK_CALENDAR, isBankDay, secondBusinessDayOfNextMonth } from './business-days';

describe('the bank calendar', () => {
  it('worked out from the law is the one that the product has as data', () => {
    const file = join(__dirname, '..', 'config', 'holidays.json');
    const { holidays } = JSON.parse(readFileSync(file, 'utf8')) as { holidays: Record<string, string> };
    const listed = Object.entries(holidays).flatMap(([year, days]) =>
      days.split(' ').map((day) => `${year}-${day}`),
    );
    expect([...BANK_CALENDAR.holidays].sort()).toEqual([...new Set(listed)].sort());
  });

  it.each([
    ['2026-11-20', false],
    ['2023-11-20', true],
    ['2026-02-17', false],
    ['2026-11-28', false],
  ])('of %s as a business day says %s', (day, business) => {
    expect(isBankDay(calendarDate(day))).toBe(business);
  });

  it.each([
    ['2022-12-26', '2023-01-03'], // as printed
    ['2026-11-27', '2026-12-02'],
    ['2026-12-31', '2027-01-05'],
  ])('after %s requests are taken again on %s', (day, permitted) => {
    expect(secondBusinessDayOfNextMonth(calendarDate(day))).toBe(permitted);
  });
});
