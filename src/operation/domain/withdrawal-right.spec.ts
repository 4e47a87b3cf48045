import { readPricingData } from '../../pricing';
import { withdrawalRight } from './withdrawal-right';

const { holidays } = readPricingData('config');
const PERIODS = { days: 7, businessDays: 8 };
const right = (paidAt: string, ...texts: string[]) =>
  withdrawalRight(new Date(paidAt), texts, PERIODS, holidays);

describe('the right of withdrawal', () => {
  it.each([
    // A Friday: seven days end with the next one, eight business days with the Wednesday after it.
    ['2026-11-27T15:00:00Z', undefined, '2026-11-27', '2026-12-04', '2026-12-09'],
    // Half past ten in the evening in São Paulo is the same day.
    ['2026-11-28T01:30:00Z', undefined, '2026-11-27', '2026-12-04', '2026-12-09'],
    // The news came two days after the money.
    ['2026-11-27T15:00:00Z', '2026-11-25 10:00:00', '2026-11-25', '2026-12-02', '2026-12-07'],
    // QI prints UTC without a zone: half past ten in the evening in São Paulo is the same day there too.
    ['2026-11-28T12:00:00Z', '2026-11-28T01:30:00', '2026-11-27', '2026-12-04', '2026-12-09'],
    ['2026-11-28T12:00:00Z', '2026-11-28 01:30:00.123456', '2026-11-27', '2026-12-04', '2026-12-09'],
    ['2026-11-28T12:00:00Z', '2026-11-28T01:30:00-03:00', '2026-11-28', '2026-12-05', '2026-12-09'],
    ['2026-11-28T12:00:00Z', '2026-11-27', '2026-11-27', '2026-12-04', '2026-12-09'],
    ['2026-11-27T15:00:00Z', 'yesterday', '2026-11-27', '2026-12-04', '2026-12-09'],
    ['2026-11-27T15:00:00Z', '2026-11-30', '2026-11-27', '2026-12-04', '2026-12-09'],
  ])('of a loan paid at %s (%s) ends by the stricter period', (at, text, paidOn, until, latest) => {
    expect(right(at, ...(text === undefined ? [] : [text]))).toEqual({ paidOn, until, latest });
  });

  it('of a loan paid in parts begins with the first, however each is printed', () => {
    const { paidOn } = right('2026-11-29T15:00:00Z', '2026-11-28 12:00:00', '2026-11-28T01:30:00');
    expect(paidOn).toBe('2026-11-27');
  });

  it('is told by business days where they are fewer', () => {
    const { until, latest } = withdrawalRight(
      new Date('2026-11-27T15:00:00Z'),
      [],
      { days: 14, businessDays: 8 },
      holidays,
    );
    expect([until, latest]).toEqual(['2026-12-09', '2026-12-11']);
  });
});
