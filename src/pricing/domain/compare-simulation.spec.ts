import { calendarDate, Decimal } from '../../kernel';
import { readPricingData } from '../pricing-data';
import { compareSimulation, PricingContext, quote, type Quote, type ReturnedSimulation } from './index';

const data = readPricingData('config');

function priced(): Quote {
  const result = quote(
    {
      disbursementDate: calendarDate('2025-03-21'),
      rate: { kind: 'monthly', value: new Decimal('0.02') },
      interestBase: 'calendar_days_365',
      contractFees: [],
      rebates: [],
      shape: {
        kind: 'disbursed_issue_amount',
        disbursedIssueAmount: new Decimal(5000),
        numberOfInstallments: 24,
        firstDueDate: calendarDate('2025-05-15'),
      },
    },
    new PricingContext(data),
  );
  if (result.kind === 'refused') throw new Error(result.refusal.message);
  return result.quote;
}

const NOTHING: ReturnedSimulation = {
  issueAmount: undefined,
  disbursedIssueAmount: undefined,
  installmentFaceValue: undefined,
  numberOfInstallments: undefined,
  totalIof: undefined,
  monthlyInterestRate: undefined,
  monthlyCet: undefined,
  annualCet: undefined,
};
function same(ours: Quote): ReturnedSimulation {
  return {
    issueAmount: ours.issueAmount,
    disbursedIssueAmount: ours.disbursedIssueAmount,
    installmentFaceValue: ours.installmentFaceValue,
    numberOfInstallments: 24,
    totalIof: ours.iofAmount,
    monthlyInterestRate: new Decimal('0.02'),
    monthlyCet: ours.cet.monthly,
    annualCet: ours.cet.annual,
  };
}

test('equal figures are no difference, nor are figures QI left out', () => {
  const ours = priced();
  expect(compareSimulation(ours, same(ours))).toEqual([]);
  expect(compareSimulation(ours, NOTHING)).toEqual([]);
});

test.each<keyof ReturnedSimulation>([
  'issueAmount',
  'disbursedIssueAmount',
  'installmentFaceValue',
  'totalIof',
  'monthlyInterestRate',
  'monthlyCet',
])('%s: theirs less ours', (field) => {
  const ours = priced();
  const mine = new Decimal(same(ours)[field] ?? 0);
  const theirs = mine.plus('0.01');
  expect(compareSimulation(ours, { ...same(ours), [field]: theirs })).toEqual([
    { field, ours: mine, theirs, difference: new Decimal('0.01') },
  ]);
});

test('another number of instalments', () => {
  const ours = priced();
  expect(compareSimulation(ours, { ...NOTHING, numberOfInstallments: 10 })).toEqual([
    {
      field: 'numberOfInstallments',
      ours: new Decimal(24),
      theirs: new Decimal(10),
      difference: new Decimal(-14),
    },
  ]);
});

test('a difference of one cent is one', () => {
  const ours = priced();
  const issueAmount = ours.issueAmount.minus('0.01');
  expect(compareSimulation(ours, { ...NOTHING, issueAmount })).toHaveLength(1);
});

describe('the annual CET', () => {
  test('is right in either of the two ways QI computes it, at the decimals QI prints', () => {
    const ours = priced();
    const { annual, annualExact } = ours.cet;
    expect(annual.eq(annualExact)).toBe(false);
    for (const theirs of [annual, annualExact, annualExact.toDecimalPlaces(6), annual.toDecimalPlaces(4)]) {
      expect(compareSimulation(ours, { ...NOTHING, annualCet: theirs })).toEqual([]);
    }
  });

  test('with fewer than four decimals is not taken for a rounding of ours', () => {
    const ours = priced();
    const annualCet = ours.cet.annual.toDecimalPlaces(2);
    expect(compareSimulation(ours, { ...NOTHING, annualCet })).toHaveLength(1);
  });

  test('off both ways is compared with the nearer one', () => {
    const ours = priced();
    const { annual, annualExact } = ours.cet;
    const theirs = annualExact.plus(annualExact.minus(annual).times('0.1').toDecimalPlaces(10));
    expect(compareSimulation(ours, { ...NOTHING, annualCet: theirs })).toMatchObject([{ ours: annualExact }]);
    const other = annual.plus(annual.minus(annualExact).times('0.1').toDecimalPlaces(10));
    expect(compareSimulation(ours, { ...NOTHING, annualCet: other })).toMatchObject([{ ours: annual }]);
  });
});
