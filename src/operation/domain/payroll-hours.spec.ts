import { PricingContext, readPricingData } from '../../pricing';
import { payrollOpensAt } from './payroll-hours';

const { holidays: calendar } = new PricingContext(readPricingData('config')).data;

describe('the hours of SIAPE', () => {
  const hours = { opensAtHour: 7, closesAtHour: 24, businessDaysOnly: true };
  it.each([
    ['Friday at 06:59', '2026-11-27T09:59:59Z', '2026-11-27T10:00:00Z'],
    ['Friday at 07:00', '2026-11-27T10:00:00Z', '2026-11-27T10:00:00Z'],
    ['Friday at 23:59', '2026-11-28T02:59:59Z', '2026-11-28T02:59:59Z'],
    ['midnight to Saturday', '2026-11-28T03:00:00Z', '2026-11-30T10:00:00Z'],
    ['Sunday at noon', '2026-11-29T15:00:00Z', '2026-11-30T10:00:00Z'],
    ['the night to Monday', '2026-11-30T04:00:00Z', '2026-11-30T10:00:00Z'],
    ['a holiday at noon', '2026-11-20T15:00:00Z', '2026-11-23T10:00:00Z'],
    ['Christmas eve late', '2026-12-25T03:30:00Z', '2026-12-28T10:00:00Z'],
  ])('on %s take a query at the right moment', (_, from, opens) => {
    expect(payrollOpensAt(new Date(from), hours, calendar)).toEqual(new Date(opens));
  });

  it('may be those of every day', () => {
    const from = new Date('2026-11-28T08:00:00Z');
    const everyDay = { opensAtHour: 6, closesAtHour: 22, businessDaysOnly: false };
    expect(payrollOpensAt(from, everyDay, calendar)).toEqual(new Date('2026-11-28T09:00:00Z'));
  });
});
