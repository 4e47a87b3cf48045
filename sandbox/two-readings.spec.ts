import { join } from 'node:path';
import fc from 'fast-check';
import { addDays, calendarDate, Decimal, type CalendarDate } from '../src/kernel';
import { PricingContext, quote, readPricingData, type LoanTerms } from '../src/pricing';
import type { DebtTerms } from './debts/curve';
import { priceInstallments, priceTarget } from './debts/pricing';
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

  describe('of given instalments', () => {
    const debts = fc.record({
      rate: fc.integer({ min: 50, max: 600 }).map((units) => new Decimal(units).div(10_000)),
      yearly: fc.boolean(),
      disbursementDate: fc
        .integer({ min: 0, max: 700 })
        .map((days) => addDays(calendarDate('2025-04-01'), days)),
      interestBase: fc.constantFrom<InterestBase>('calendar_days', 'calendar_days_365'),
      steps: fc.array(fc.tuple(fc.integer({ min: 20, max: 366 }), fc.integer({ min: 5_000, max: 300_000 })), {
        minLength: 1,
        maxLength: 10,
      }),
      fee: fc.record({
        amountType: fc.constantFrom('percentage' as const, 'absolute' as const),
        amount: fc.integer({ min: 0, max: 300 }).map((units) => new Decimal(units).div(100)),
      }),
      percent: fc.integer({ min: 15, max: 100 }),
    });

    function bothSides(debt: {
      rate: Decimal;
      yearly: boolean;
      disbursementDate: CalendarDate;
      interestBase: InterestBase;
      steps: readonly (readonly [number, number])[];
      fee: { amountType: 'percentage' | 'absolute'; amount: Decimal };
    }) {
      let dueDate = debt.disbursementDate;
      const installments = debt.steps.map(([days, cents]) => {
        dueDate = addDays(dueDate, days);
        return { dueDate, totalAmount: new Decimal(cents).div(100) };
      });
      const fees = [{ feeType: 'tac', ...debt.fee }];
      const annual = debt.rate.plus(1).pow(12).minus(1).toDecimalPlaces(10);
      const { disbursementDate, interestBase } = debt;
      const theirs: DebtTerms = {
        rate: debt.yearly ? { annual } : { monthly: debt.rate },
        interestBase,
        disbursementDate,
        contractFees: fees,
        externalFees: [],
      };
      const ours: LoanTerms = {
        disbursementDate,
        interestBase,
        rate: debt.yearly ? { kind: 'annual', value: annual } : { kind: 'monthly', value: debt.rate },
        contractFees: fees,
        rebates: [],
      };
      return { installments, theirs, ours };
    }

    it('agrees on the worth of all of them', () => {
      fc.assert(
        fc.property(debts, (debt) => {
          const { installments, theirs, ours } = bothSides(debt);
          const priced = priceInstallments(theirs, installments);
          const ourQuote = quote({ ...ours, shape: { kind: 'installments', installments } }, context);
          if (priced === undefined || ourQuote.kind === 'refused') {
            expect([priced === undefined, ourQuote.kind]).toEqual([true, 'refused']);
            return;
          }
          const quoted = ourQuote.quote;
          expect(
            [priced.issueAmount, priced.totalIof, priced.disbursedIssueAmount].map((one) => one.toFixed(2)),
          ).toEqual(
            [quoted.issueAmount, quoted.iofAmount, quoted.disbursedIssueAmount].map((one) => one.toFixed(2)),
          );
          expect(priced.monthlyCet.toFixed(4)).toBe(quoted.cet.monthly.toFixed(4));
          expect(priced.rates.annual.toFixed(8)).toBe(quoted.rates.annual.toFixed(8));
        }),
        { numRuns: 100 },
      );
    });

    it('agrees on which of them a target needs', () => {
      fc.assert(
        fc.property(debts, (debt) => {
          const { installments, theirs, ours } = bothSides(debt);
          const most = priceInstallments(theirs, installments)?.disbursedIssueAmount;
          const target = most?.times(debt.percent).div(100).toDecimalPlaces(2, Decimal.ROUND_DOWN);
          if (target === undefined || target.lt(1)) return;
          const priced = priceTarget(theirs, installments, target);
          const result = quote(
            {
              ...ours,
              shape: { kind: 'target_disbursed_amount', targetDisbursedAmount: target, installments },
            },
            context,
          );
          if (priced.kind !== 'priced' || result.kind === 'refused')
            throw new Error(
              `${priced.kind}, ${result.kind === 'refused' ? result.refusal.message : 'quoted'}`,
            );
          const rows = result.quote.schedule().map((row) => [row.dueDate, row.totalAmount.toFixed(2)]);
          expect(priced.installments.map((each) => [each.dueDate, each.totalAmount.toFixed(2)])).toEqual(
            rows,
          );
          const { pricing } = priced;
          expect(pricing.issueAmount.minus(result.quote.issueAmount).abs().lte('0.01')).toBe(true);
          expect(pricing.disbursedIssueAmount.toFixed(2)).toBe(result.quote.disbursedIssueAmount.toFixed(2));
        }),
        { numRuns: 100 },
      );
    });
  });
});
