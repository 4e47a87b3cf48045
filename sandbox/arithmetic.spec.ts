import fc from 'fast-check';
import { calendarDate, daysBetween, Decimal } from '../src/kernel';
import { effectiveCost, firstDueDate, installmentOf, simulate, type LoanTerms } from './arithmetic';

const rule = { cutoffDay: 20, monthsAfter: 2, dueDay: 20 };

describe('simulate', () => {
  it('agrees with the printed simulation of QI manual 002, but for the fee that is not asked of it', () => {
    const terms: LoanTerms = {
      monthlyInterestRate: new Decimal('0.0205'),
      numberOfInstallments: 2,
      disbursementDate: calendarDate('2023-03-14'),
      firstDueDate: calendarDate('2023-04-07'),
      interestBase: 'calendar_days',
    };
    const simulation = simulate(terms, { installmentFaceValue: new Decimal(100) });

    expect(simulation.issueAmount.toFixed(2)).toBe('194.80');
    expect(simulation.totalIof.toFixed(2)).toBe('1.36');
    expect(simulation.disbursedIssueAmount.toFixed(2)).toBe('193.44'); // printed: 191.49 after a fee of 1.95
    expect(simulation.annualInterestRate.toFixed()).toBe('0.27572219');
  });

  it('is one loan, whichever amount is fixed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 50_000, max: 5_000_000 }),
        fc.integer({ min: 10, max: 900 }),
        fc.integer({ min: 1, max: 96 }),
        (cents, rateInTenThousandths, numberOfInstallments) => {
          const terms: LoanTerms = {
            monthlyInterestRate: new Decimal(rateInTenThousandths).div(10_000),
            numberOfInstallments,
            disbursementDate: calendarDate('2025-03-20'),
            firstDueDate: calendarDate('2025-05-20'),
            interestBase: 'calendar_days',
          };
          const asked = new Decimal(cents).div(100);
          const forward = simulate(terms, { disbursedIssueAmount: asked });
          const back = simulate(terms, { installmentFaceValue: forward.installmentFaceValue });

          expect(forward.disbursedIssueAmount).toEqual(asked);
          expect(forward.issueAmount.minus(forward.totalIof)).toEqual(asked);
          expect(installmentOf(terms, { disbursedIssueAmount: asked })).toEqual(forward.installmentFaceValue);
          // Half a cent on each instalment is all that rounding may move.
          expect(
            back.disbursedIssueAmount
              .minus(asked)
              .abs()
              .lte(new Decimal('0.005').times(numberOfInstallments).plus('0.02')),
          ).toBe(true);
          expect(forward.monthlyCet.gte(terms.monthlyInterestRate)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('effectiveCost', () => {
  it.each([
    {
      manual: '002',
      days: [24, 54],
      received: '191.49',
      installment: '100',
      monthly: '0.0346',
      annual: '0.5040756794535896',
    },
  ])('is the printed CET of manual $manual', ({ days, received, installment, monthly, annual }) => {
    const cost = effectiveCost(days, new Decimal(received), new Decimal(installment));
    expect(cost.monthlyCet.toFixed()).toBe(monthly);
    expect(cost.annualCet.toFixed(12)).toBe(new Decimal(annual).toFixed(12));
  });
});

describe('firstDueDate', () => {
  it.each([
    ['2025-02-06', '2025-04-20'],
    ['2025-03-20', '2025-05-20'],
    ['2025-03-21', '2025-06-20'],
    ['2025-12-21', '2026-03-20'],
  ])('registered on %s, the first instalment falls due on %s', (registered, due) => {
    expect(firstDueDate(calendarDate(registered), rule)).toBe(due);
  });

  it('leaves at least 59 days to the first deduction', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4000 }), (offset) => {
        const registered = new Date(Date.UTC(2025, 0, 1 + offset)).toISOString().slice(0, 10);
        const due = firstDueDate(calendarDate(registered), rule);
        expect(daysBetween(calendarDate(registered), due)).toBeGreaterThanOrEqual(59);
      }),
    );
  });
});
