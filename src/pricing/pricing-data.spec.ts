import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays, businessDaysBetween, calendarDate, calendarDateOf, type CalendarDate } from '../kernel';
import { PricingDataError, readPricingData } from './pricing-data';

const data = readPricingData('config');

describe('the tables of config/', () => {
  test('IOF of natural persons', () => {
    expect(data.iof).toHaveLength(1);
    expect(data.iof[0]?.dailyRate.toFixed()).toBe('0.000082');
    expect(data.iof[0]?.flatRate.toFixed()).toBe('0.0038');
    expect(data.iof[0]).toMatchObject({ validFrom: '2022-01-01', validTo: undefined, maxDays: 365 });
  });

  test('tax on rebates', () => {
    expect(data.rebateTax.map((row) => row.rate.toFixed())).toEqual(['0.0925']);
  });
});

describe('the holiday calendar', () => {
  const { firstYear, lastYear, holidays } = data.holidays;

  test('covers 2001 to 2078', () => {
    expect([firstYear, lastYear]).toEqual([2001, 2078]);
  });

  test('is what the law says, year by year', () => {
    const expected = new Set<CalendarDate>();
    for (let year = firstYear; year <= lastYear; year += 1) {
      for (const monthDay of ['01-01', '04-21', '05-01', '09-07', '10-12', '11-02', '11-15', '12-25']) {
        expected.add(calendarDate(`${year}-${monthDay}`));
      }
      if (year >= 2024) expected.add(calendarDate(`${year}-11-20`));
      const easter = easterOf(year);
      for (const days of [-48, -47, -2, 60]) expected.add(addDays(easter, days));
    }
    expect([...holidays].sort()).toEqual([...expected].sort());
  });

  test.each([
    ['2001-04-15', 2001],
    ['2008-03-23', 2008],
    ['2011-04-24', 2011],
    ['2024-03-31', 2024],
    ['2025-04-20', 2025],
    ['2038-04-25', 2038],
    ['2049-04-18', 2049],
    ['2076-04-19', 2076],
  ])('Easter was or will be on %s', (date, year) => {
    expect(easterOf(year)).toBe(date);
  });

  test.each<[string, string, number]>([
    ['2023-03-14', '2023-04-07', 17],
    ['2023-04-07', '2023-05-07', 18],
    ['2023-06-30', '2023-10-01', 64],
    ['2023-10-01', '2024-10-01', 252],
    ['2024-01-17', '2024-05-02', 72],
    ['2024-01-19', '2024-05-02', 70],
  ])('gives the workdays QI prints from %s to %s: %i', (start, end, workdays) => {
    expect(businessDaysBetween(calendarDate(start), calendarDate(end), data.holidays)).toBe(workdays);
  });

  test('20 November is a holiday from 2024 on', () => {
    expect(holidays.has(calendarDate('2023-11-20'))).toBe(false);
    expect(holidays.has(calendarDate('2024-11-20'))).toBe(true);
  });
});

/** Gauss's rule for the years 1900 to 2099. */
function easterOf(year: number): CalendarDate {
  const d = (19 * (year % 19) + 24) % 30;
  const e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + 5) % 7;
  let offset = d + e;
  if (offset === 35) offset = 28; // 26 April becomes the 19th
  if (offset === 34 && d === 28 && year % 19 > 10) offset = 27; // 25 April becomes the 18th
  return addDays(calendarDateOf(year, 3, 22), offset);
}

describe('wrong tables', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'pricing-data-'));
    for (const name of ['tax-tables.json', 'fee-taxes.json', 'holidays.json']) {
      writeFileSync(join(directory, name), readFileSync(join('config', name)));
    }
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  function problemsAfter(name: string, change: (text: string) => string): string {
    const file = join(directory, name);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    try {
      readPricingData(directory);
    } catch (error) {
      if (error instanceof PricingDataError) return error.message;
      throw error;
    }
    return 'accepted';
  }

  test.each<[string, string, (text: string) => string, string]>([
    ['a file that is not JSON', 'holidays.json', () => '{', 'holidays.json: '],
    [
      'a rate that is a number',
      'tax-tables.json',
      (text) => text.replace('"0.0038"', '0.0038'),
      'tax-tables.json: iof.0.flat_rate: ',
    ],
    ['a rate of one', 'tax-tables.json', (text) => text.replace('0.0038', '1'), 'not a fraction below one'],
    [
      'a rate with 13 decimals',
      'tax-tables.json',
      (text) => text.replace('0.0038', '0.0000000000001'),
      'not a fraction below one',
    ],
    [
      'a negative rate',
      'fee-taxes.json',
      (text) => text.replace('0.0925', '-0.0925'),
      'rebate_tax.0.rate: not a fraction',
    ],
    [
      'a date that does not exist',
      'fee-taxes.json',
      (text) => text.replace('2022-01-01', '2022-02-30'),
      'rebate_tax.0.valid_from: not a calendar date: 2022-02-30',
    ],
    [
      'a row that ends before it begins',
      'tax-tables.json',
      (text) => text.replace('"valid_to": null', '"valid_to": "2021-01-01"'),
      'iof: the row of 2022-01-01 ends before it begins',
    ],
    [
      'a misspelt key',
      'tax-tables.json',
      (text) => text.replace('max_days', 'maxdays'),
      'tax-tables.json: iof.0',
    ],
    [
      'no rows',
      'fee-taxes.json',
      () => '{"description": "", "rebate_tax": []}',
      'fee-taxes.json: rebate_tax: ',
    ],
    [
      'a year without a line',
      'holidays.json',
      (text) => text.replace('"2050"', '"2150"'),
      'holidays.json: file: no line for 2050',
    ],
    [
      'a holiday that does not exist',
      'holidays.json',
      (text) => text.replace('12-25', '12-32'),
      'not a date: 2001-12-32',
    ],
  ])('%s', (_name, file, change, message) => {
    expect(problemsAfter(file, change)).toContain(message);
  });

  test('two rows for one day', () => {
    const row = (from: string, to: string | null) => ({
      valid_from: from,
      valid_to: to,
      source: 's',
      rate: '0.1',
    });
    const table = (...rows: object[]): string => JSON.stringify({ description: '', rebate_tax: rows });
    const touching = table(row('2023-01-01', null), row('2022-01-01', '2022-12-31'));
    expect(problemsAfter('fee-taxes.json', () => touching)).toBe('accepted');
    for (const overlapping of [
      table(row('2023-01-01', null), row('2022-01-01', '2023-01-01')),
      table(row('2022-01-01', null), row('2023-01-01', null)),
    ]) {
      expect(problemsAfter('fee-taxes.json', () => overlapping)).toBe(
        'fee-taxes.json: rebate_tax: the row of 2022-01-01 runs into the next one',
      );
    }
  });

  test('a missing file', () => {
    rmSync(join(directory, 'holidays.json'));
    expect(() => readPricingData(directory)).toThrow(/^holidays\.json: /);
  });
});
