import { join } from 'node:path';
import fc from 'fast-check';
import { addDays, calendarDate, Decimal } from '../src/kernel';
import { PricingContext, quote, readPricingData } from '../src/pricing';
import { firstDueDate, simulate, type InterestBase, type LoanAmount } from './arithmetic';

/** The product and the sandbox read one contract each for themselves; where they differ, one of them misread it. */
describe('two readings of one arithmetic', () => {
  const context = new PricingContext(readPricingData(join(__dirname, '..', 'config')));

  const loans = fc.record({
    monthlyInterestRate: fc.integer({ min: 50, max: 1200 }).map((units) => new Decimal(units).div(10_000)),
    numberOfInstallments: fc.integer({ min: 1, max: 96 }),
    disbursementDate: fc
      .integer({ min: 0, max: 700 })
      .map((days) => addDays(calendarDate('2025-04-01'), days)),
    interestBase: fc.constantFrom<InterestBase>('calendar_days', 'calendar_days_365'),
    cents: fc.integer({ min: 20_000, max: 5_000_000 }),
    fixed: fc.constantFrom('disbursed' as const, 'installment' as const),
  });

  it('agrees on every amount and rate, but for one cent of tax where the contract is silent', () => {
    fc.assert(
      fc.property(loans, ({ cents, fixed, ...rest }) => {
        const amount = new Decimal(cents).div(100);
        const dueDate = firstDueDate(rest.disbursementDate, { cutoffDay: 20, monthsAfter: 2, dueDay: 28 });
        const asked: LoanAmount =
          fixed === 'disbursed' ? { disbursedIssueAmount: amount } : { installmentFaceValue: amount };
        const theirs = simulate({ ...rest, firstDueDate: dueDate }, asked);
        const ours = quote(
          {
            disbursementDate: rest.disbursementDate,
            rate: { kind: 'monthly', value: rest.monthlyInterestRate },
            interestBase: rest.interestBase,
            contractFees: [],
            rebates: [],
            shape:
              fixed === 'disbursed'
                ? {
                    kind: 'disbursed_issue_amount',
                    disbursedIssueAmount: amount,
                    numberOfInstallments: rest.numberOfInstallments,
                    firstDueDate: dueDate,
                  }
                : {
                    kind: 'installment_face_value',
                    installmentFaceValue: amount,
                    numberOfInstallments: rest.numberOfInstallments,
                    firstDueDate: dueDate,
                  },
          },
          context,
        );
        if (ours.kind === 'refused') throw new Error(ours.refusal.message);
        const quoted = ours.quote;
        expect({
          installment: theirs.installmentFaceValue.toFixed(2),
          disbursed: theirs.disbursedIssueAmount.toFixed(2),
          annual: theirs.annualInterestRate.toFixed(8),
          cet: theirs.monthlyCet.toFixed(4),
          lastDue: theirs.dueDates.at(-1),
        }).toEqual({
          installment: quoted.installmentFaceValue?.toFixed(2),
          disbursed: quoted.disbursedIssueAmount.toFixed(2),
          annual: quoted.rates.annual.toFixed(8),
          cet: quoted.cet.monthly.toFixed(4),
          lastDue: quoted.dueDates.at(-1),
        });
        // Tax is partly a share of the amount that includes it: rounding that circle has two ends, a cent apart.
        const cent = fixed === 'disbursed' ? '0.01' : '0';
        expect(theirs.totalIof.minus(quoted.iofAmount).abs().lte(cent)).toBe(true);
        expect(theirs.issueAmount.minus(quoted.issueAmount).abs().lte(cent)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
