import { calendarDate, Decimal, type CalendarDate } from '../../kernel';
import { PricingContext } from './context';
import type { IofRates, RebateTax } from './dated-tables';
import { readPricingData } from '../pricing-data';

const on = (text: string): CalendarDate => calendarDate(text);
const iof = (from: string, to: string | undefined, daily: string): IofRates => ({
  validFrom: on(from),
  validTo: to === undefined ? undefined : on(to),
  dailyRate: new Decimal(daily),
  flatRate: new Decimal('0.0038'),
  maxDays: 365,
});
const rebate = (from: string, to: string | undefined): RebateTax => ({
  validFrom: on(from),
  validTo: to === undefined ? undefined : on(to),
  rate: new Decimal('0.0925'),
});

describe('the taxes in force on a day', () => {
  const { holidays } = readPricingData('config');
  const context = new PricingContext({
    iof: [iof('2025-01-01', '2025-12-31', '0.000041'), iof('2026-01-01', undefined, '0.000082')],
    rebateTax: [rebate('2025-02-01', '2026-06-30')],
    holidays,
  });

  it.each([
    ['2025-01-31', undefined], // no rebate tax yet
    ['2025-02-01', 41_000_000n],
    ['2025-12-31', 41_000_000n],
    ['2026-01-01', 82_000_000n],
    ['2026-06-30', 82_000_000n],
    ['2026-07-01', undefined], // no rebate tax any more
    ['2024-12-31', undefined],
  ])('%s: %p, from the first day to the last', (date, daily) => {
    expect(context.taxRatesOn(on(date))?.dailyIof).toBe(daily);
  });

  it('are unknown where IOF is, whatever the tax on rebates', () => {
    const data = {
      iof: [iof('2026-01-01', undefined, '0.000082')],
      rebateTax: [rebate('2025-01-01', undefined)],
      holidays,
    };
    expect(new PricingContext(data).taxRatesOn(on('2025-06-01'))).toBeUndefined();
    expect(new PricingContext(data).taxRatesOn(on('2026-06-01'))?.rebateTax).toBe(92_500_000_000n);
  });
});
