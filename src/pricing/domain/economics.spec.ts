import fc from 'fast-check';
import { runs } from '../../../test/support/repetitions';
import { calendarDate, daysBetween, Decimal } from '../../kernel';
import { readPricingData } from '../pricing-data';
import {
  breakEvenMonthlyRate,
  loanMargin,
  monthlyMargin,
  PricingContext,
  quoteBid,
  type Bid,
  type EconomicAssumptions,
  type LoanMargin,
  type Quote,
} from './index';

const context = new PricingContext(readPricingData('config'));
const real = (value: number | string): Decimal => new Decimal(value);

const BID: Bid = {
  disbursementDate: calendarDate('2025-03-21'),
  rate: { kind: 'monthly', value: real('0.0249') },
  interestBase: 'calendar_days_365',
  contractFees: [],
  rebates: [{ feeType: 'spread', amountType: 'percentage', amount: real('4.17') }],
  disbursedAmount: real(5000),
  numberOfInstallments: 24,
  firstDueDate: calendarDate('2025-05-15'),
};
const ASSUMPTIONS: EconomicAssumptions = {
  fundingMonthlyRate: real('0.0115'),
  expectedLossRate: real('0.03'),
  prepaymentMonthlyRate: real(0),
  cost: real(35),
  fees: [],
  rebatesKept: real(1),
};
const FREE: EconomicAssumptions = {
  ...ASSUMPTIONS,
  fundingMonthlyRate: real(0),
  expectedLossRate: real(0),
  cost: real(0),
};

/** A bid's margin, and the rates that go with it. */
interface Economics extends LoanMargin {
  readonly quote: Quote;
  /** The purchaser's own. */
  readonly purchaserMonthlyYield: Decimal | undefined;
  readonly monthlyMargin: Decimal | undefined;
  readonly breakEvenMonthlyRate: Decimal | undefined;
}

function economics(change: Partial<Bid> = {}, assumptions = ASSUMPTIONS): Economics {
  const bid = { ...BID, ...change };
  const priced = quoteBid(bid, context);
  if (priced.kind === 'refused') throw new Error(priced.refusal.message);
  const { quote } = priced;
  const margin = loanMargin(quote, assumptions);
  return {
    quote,
    ...margin,
    purchaserMonthlyYield: quote.yieldAt(quote.assignmentAmount)?.monthlyExact,
    monthlyMargin: monthlyMargin(quote, margin, assumptions),
    breakEvenMonthlyRate: breakEvenMonthlyRate(bid, assumptions, context),
  };
}

/** Present value at a monthly rate, by general powers. */
function worth({ quote }: Economics, monthly: Decimal): Decimal {
  return Decimal.sum(
    ...quote.schedule().map((row) => {
      const years = real(daysBetween(BID.disbursementDate, row.dueDate)).div(365);
      return row.totalAmount.div(monthly.plus(1).pow(years.times(12)));
    }),
  );
}

test('each figure is what its name says', () => {
  const figures = economics();
  const { quote } = figures;
  expect(figures.assignmentAmount.eq(quote.issueAmount.times('1.0417').toDecimalPlaces(2))).toBe(true);
  const rebate = quote.issueAmount.times('0.0417').toDecimalPlaces(2);
  expect(figures.netRebate.eq(rebate.minus(rebate.times('0.0925').toDecimalPlaces(2)))).toBe(true);
  expect(figures.expectedLoss.eq(quote.issueAmount.times('0.03').toDecimalPlaces(2))).toBe(true);
  expect(figures.cost.toFixed(2)).toBe('35.00');
  expect(figures.fundedValue.toFixed(2)).toBe(worth(figures, ASSUMPTIONS.fundingMonthlyRate).toFixed(2));
  const outlay = figures.assignmentAmount.plus(figures.expectedLoss).plus(35).minus(figures.netRebate);
  expect(figures.outlay.eq(outlay)).toBe(true);
  expect(figures.margin.eq(figures.fundedValue.minus(outlay))).toBe(true);
});

test('the margin is the sum of its parts, whatever is assumed', () => {
  const part = fc.integer({ min: 0, max: 2_000 }).map((points) => real(points).div(10_000));
  fc.assert(
    fc.property(part, part, part, part, (funding, loss, prepaid, kept) => {
      const fees = [{ feeType: 'qi', amountType: 'percentage' as const, amount: real('0.35') }];
      const figures = economics(
        {},
        {
          ...ASSUMPTIONS,
          fundingMonthlyRate: funding,
          expectedLossRate: loss,
          prepaymentMonthlyRate: prepaid,
          rebatesKept: kept,
          fees,
        },
      );
      const { interest, discount, netRebate, prepayment, expectedLoss, cost } = figures;
      const gains = Decimal.sum(interest, discount, netRebate);
      const losses = Decimal.sum(figures.funding, prepayment, expectedLoss, figures.fees, cost);
      expect(gains.minus(losses).toFixed(2)).toBe(figures.margin.toFixed(2));
      expect(figures.fees.eq(figures.quote.issueAmount.times('0.0035').toDecimalPlaces(2))).toBe(true);
    }),
    runs(25),
  );
});

test('what is paid ahead earns less where the contract earns more than its funding, and nothing is lost on the way', () => {
  const prepaid = { ...ASSUMPTIONS, prepaymentMonthlyRate: real('0.02') };
  const [whole, ahead] = [economics(), economics({}, prepaid)];
  expect(whole.prepayment.isZero()).toBe(true);
  expect(ahead.prepayment.gt(0)).toBe(true);
  expect(ahead.monthlyMargin?.isNegative()).toBe(ahead.margin.isNegative());
  // At the contract's own rate it is the same whether it is paid today or later.
  const own = real('0.0249');
  const difference = whole.quote.presentValueAt(own, real('0.3')).minus(whole.quote.presentValueAt(own));
  expect(difference.abs().lte('0.01')).toBe(true);
  // Everything is paid on the first date: the instalment and the balance (which begins at the issue amount: some cents
  // from what the rounded instalments are worth).
  const atOnce = economics({}, { ...FREE, prepaymentMonthlyRate: real(1) });
  const [first, second] = atOnce.quote.schedule();
  const owed = (first?.totalAmount ?? real(0)).plus(second?.duePrincipal ?? real(0));
  expect(atOnce.fundedValue.minus(owed).abs().lte('0.05')).toBe(true);
});

test('at its yield the purchase is worth its price; at the yield of the outlay, the outlay', () => {
  const figures = economics();
  const bought = worth(figures, figures.purchaserMonthlyYield ?? real(0));
  expect(bought.minus(figures.assignmentAmount).abs().lt('0.00001')).toBe(true);
  const yieldOfOutlay = ASSUMPTIONS.fundingMonthlyRate.plus(figures.monthlyMargin ?? real(0));
  expect(worth(figures, yieldOfOutlay).minus(figures.outlay).abs().lt('0.00001')).toBe(true);
});

test('without rebates, losses and costs the purchaser earns the contract rate', () => {
  const figures = economics({ rebates: [] }, FREE);
  expect(figures.purchaserMonthlyYield?.toFixed(6)).toBe('0.024900');
  expect(figures.monthlyMargin?.eq(figures.purchaserMonthlyYield ?? 0)).toBe(true);
  expect(figures.margin.eq(figures.fundedValue.minus(figures.assignmentAmount))).toBe(true);
});

test('the margins in reais and a month agree in sign, and the break-even rate divides them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 3000 }), (rate, loss) => {
      const assumptions = { ...ASSUMPTIONS, expectedLossRate: real(loss).div(10_000) };
      const value = real(rate).div(10_000);
      const figures = economics({ rate: { kind: 'monthly', value } }, assumptions);
      const breakEven = figures.breakEvenMonthlyRate ?? real(2);
      expect(figures.margin.gte(0)).toBe(value.gte(breakEven));
      if (figures.margin.abs().gt('0.05')) {
        expect(figures.monthlyMargin?.isNegative()).toBe(figures.margin.isNegative());
      }
    }),
    runs(40),
  );
});

test('one step below the break-even rate the bid loses', () => {
  const breakEven = economics().breakEvenMonthlyRate ?? real(-1);
  const at = (value: Decimal): Decimal => economics({ rate: { kind: 'monthly', value } }).margin;
  expect(at(breakEven).gte(0)).toBe(true);
  expect(at(breakEven.minus('0.0001')).lt(0)).toBe(true);
});

test('a loss that no rate makes up for has no break-even rate', () => {
  const hopeless = { ...ASSUMPTIONS, cost: real(100_000_000) };
  const figures = economics({}, hopeless);
  expect(figures.breakEvenMonthlyRate).toBeUndefined();
  expect(figures.margin.lt(0)).toBe(true);
  expect(figures.monthlyMargin?.lt('-0.3')).toBe(true);
});

test('a yield far below zero is one, down to -50% a month', () => {
  const { quote } = economics();
  const total = Decimal.sum(...quote.schedule().map((row) => row.totalAmount));
  expect(quote.yieldAt(total)?.monthlyExact.toFixed()).toBe('0');
  expect(quote.yieldAt(total.plus('0.01'))?.annualExact.lt(0)).toBe(true);
  const low = quote.yieldAt(total.times(1000))?.monthlyExact ?? real(0);
  expect(low.lt('-0.3') && low.gt('-0.5')).toBe(true);
  expect(
    worth({ ...economics(), quote }, low)
      .minus(total.times(1000))
      .abs()
      .lt('0.01'),
  ).toBe(true);
  expect(quote.yieldAt(total.times(1_000_000_000))).toBeUndefined();
});

test('an outlay of nothing has no margin a month', () => {
  const contractFees = [{ feeType: 'tac', amountType: 'percentage' as const, amount: real(0) }];
  const rebates = [{ feeType: 'spread', amountType: 'absolute' as const, amount: real(1000) }];
  const paid = { ...FREE, cost: real(-10_000) };
  expect(economics({ contractFees, rebates }, paid).monthlyMargin).toBeUndefined();
});

test('a bid that cannot be priced says so', () => {
  const change = { disbursementDate: calendarDate('2021-03-21') };
  expect(quoteBid({ ...BID, ...change }, context)).toMatchObject({
    kind: 'refused',
    refusal: { code: 'no_tax_rates' },
  });
});
