import { Decimal, type CalendarDate } from '../../../kernel';
import type { SimulatedFigures } from '../../ports';
import { offeredFigures } from '../../stored';
import { besideQi, offeredPeriods, type StoredFgtsOffer } from './stored-fgts';

const PERIODS = [
  { due_date: '2027-04-01', amount: '500.00' },
  { due_date: '2028-04-01', amount: '12.00' },
];
const OURS = {
  figures: {
    disbursement_date: '2026-12-01',
    issue_amount: '410.00',
    disbursed_issue_amount: '400.00',
    iof_amount: '10.00',
    contract_fee_amount: '0.00',
    total_amount: '512.00',
    cet: '0.0190',
    annual_cet: '0.253410',
    periods: PERIODS,
  },
  qi: null,
  differences: [],
} as unknown as StoredFgtsOffer;

function theirs(...amounts: readonly string[]): SimulatedFigures {
  return {
    issueAmount: new Decimal('410'),
    disbursedIssueAmount: new Decimal('400'),
    totalIof: new Decimal('10'),
    contractFeeAmount: new Decimal('43.17'),
    monthlyCet: new Decimal('0.0243'),
    annualCet: new Decimal('0.3339086001603759'),
    monthlyInterestRate: undefined,
    periods: amounts.map((amount, at) => ({
      dueDate: `${String(2027 + at)}-04-01` as CalendarDate,
      amount: new Decimal(amount),
    })),
  };
}

describe('an offer that QI has simulated otherwise', () => {
  const offered = (figures: SimulatedFigures) => {
    const offer = besideQi(OURS, figures) as StoredFgtsOffer;
    return { ...offeredFigures(offer), periods: offeredPeriods(offer) };
  };

  it('costs what QI says, fee and yearly cost among it', () => {
    expect(offered(theirs())).toEqual({
      ...OURS.figures,
      contract_fee_amount: '43.17',
      cet: '0.0243',
      annual_cet: '0.333909',
    });
  });

  it('is of the withdrawals that QI names, and paid back by these', () => {
    expect(offered(theirs('500', '0.5', '11.7'))).toMatchObject({
      total_amount: '512.20',
      periods: [
        { due_date: '2027-04-01', amount: '500.00' },
        { due_date: '2028-04-01', amount: '0.50' },
        { due_date: '2029-04-01', amount: '11.70' },
      ],
    });
  });

  it('is of ours where an earlier release had our total accepted', () => {
    const qi = { disbursed_issue_amount: '400.00', periods: [{ due_date: '2027-04-01', amount: '500.00' }] };
    expect(offeredPeriods({ ...OURS, qi })).toEqual(PERIODS);
  });
});
