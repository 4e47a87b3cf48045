import fc from 'fast-check';
import { calendarDate, Decimal } from '../../kernel';
import { readPricingData } from '../pricing-data';
import { DueDates } from './due-dates';
import { Curve } from './curve';
import { fixedOf, ONE, type Fixed } from './fixed-point';
import { equalFlow, listedFlow } from './flow';
import { ratesOf } from './rates';
import { PricingContext, quote } from './index';
import { effectiveRate, hasEffectiveRate, dailyDiscountOf, meet, parabolaAt, presentValue } from './yield';

const data = readPricingData('config');
const dates = DueDates.monthly(calendarDate('2025-03-21'), calendarDate('2025-05-15'), data.holidays);
const ones = new Array<Fixed>(24).fill(ONE);
const at = (monthly: string): Fixed => dailyDiscountOf(new Decimal(monthly));
const apart = (a: Fixed, b: Fixed): Fixed => (a > b ? a - b : b - a);

test('the value at a discount of one is the number of instalments, and its slope the sum of their days', () => {
  const days = dates
    .upTo(24)
    .slice(0, 24)
    .reduce((total, due) => total + due.days, 0);
  expect(presentValue(ones, dates.upTo(24), ONE)).toEqual({ value: fixedOf(24), slope: fixedOf(days) });
});

test('the slope is how the value changes with the logarithm of the discount', () => {
  const discount = at('0.025');
  const tiny = ONE >> 40n;
  const moved = discount + ((discount * tiny) >> 120n);
  const [here, there] = [
    presentValue(ones, dates.upTo(24), discount),
    presentValue(ones, dates.upTo(24), moved),
  ];
  const measured = (there.value - here.value) << 40n;
  expect(apart(measured, here.slope) < here.slope >> 28n).toBe(true);
});

describe('a parabola through one solution finds a neighbouring one to the third order', () => {
  const known = parabolaAt(at('0.025'), ones, dates.upTo(24));

  // t is the logarithm between both discounts; the error that is left is some hundred days squared times t cubed.
  test.each([
    ['0.0251', 1e-11],
    ['0.0249', 1e-11],
    ['0.026', 1e-8],
    ['0.024', 1e-8],
  ])('at %s', (monthly, within) => {
    const discount = at(monthly);
    const { value } = presentValue(ones, dates.upTo(24), discount);
    const bound = BigInt(within * 1e12) * (ONE / 10n ** 12n);
    expect(apart(meet(known, value), discount) < bound).toBe(true);
    expect(apart(known.discount, discount) > bound * 100n).toBe(true);
  });

  test('and itself exactly', () => {
    expect(meet(known, known.value)).toBe(known.discount);
  });
});

test('the first search over a term leaves a parabola for the next ones', () => {
  const context = new PricingContext(data);
  const ask = (amount: number, numberOfInstallments: number): void => {
    const result = quote(
      {
        disbursementDate: calendarDate('2025-03-21'),
        rate: { kind: 'monthly', value: new Decimal('0.025') },
        interestBase: 'calendar_days_365',
        contractFees: [],
        rebates: [],
        shape: {
          kind: 'disbursed_issue_amount',
          disbursedIssueAmount: new Decimal(amount),
          numberOfInstallments,
          firstDueDate: calendarDate('2025-05-15'),
        },
      },
      context,
    );
    expect(result.kind === 'quoted' && result.quote.cet.monthly.gt(0)).toBe(true);
  };
  ask(1000, 12);
  const curve = context.curves.getOrMake(
    'monthly 0.025 calendar_days_365 2025-03-21 monthly 2025-05-15',
    () => {
      throw new Error('the curve was not kept');
    },
  );
  const kept = curve.parabolas.get(12);
  expect(kept).toBeDefined();
  ask(2000, 12);
  ask(2000, 24);
  expect(curve.parabolas.get(12)).toBe(kept);
  expect([...curve.parabolas.keys()]).toEqual([12, 24]);
});

describe('whether there is an effective rate', () => {
  const rate = { kind: 'monthly', value: new Decimal('0.025') } as const;
  const curve = new Curve(ratesOf(rate, 'calendar_days_365'), dates, 365);
  const amount = fc.bigInt(1n, 10_000_000n);
  const flows = fc.oneof(
    fc.tuple(amount, fc.integer({ min: 1, max: 24 })).map(([each, count]) => equalFlow(each, count)),
    fc.array(amount, { minLength: 1, maxLength: 24 }).map(listedFlow),
  );
  /** From far too dear to far too cheap: the ends of what has a rate lie in between. */
  const share = fc.integer({ min: 1, max: 400_000 });

  it('is known without finding it', () => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(flows, share, (flow, of10000) => {
        const total = flow.amounts.reduce((sum, each) => sum + each, 0n);
        const price = (total * BigInt(of10000)) / 10_000n + 1n;
        const found = effectiveRate(price, flow, curve) !== undefined;
        seen.add(found);
        expect(hasEffectiveRate(price, flow, curve)).toBe(found);
      }),
      { numRuns: 2_000 },
    );
    expect(seen.size).toBe(2);
  });

  it('turns on the cent', () => {
    const flow = equalFlow(10_000n, 12);
    let lowest = 1n;
    while (!hasEffectiveRate(lowest, flow, curve)) lowest += 1n;
    expect(effectiveRate(lowest, flow, curve)).toBeDefined();
    expect(effectiveRate(lowest - 1n, flow, curve)).toBeUndefined();
  });
});
