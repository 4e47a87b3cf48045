import { DateOutsideCalendarError, Decimal, type CalendarDate } from '../../kernel';
import type { PricingContext, TaxRates } from './context';
import { Loan } from './loan';
import type { LoanTerms } from './request';
import { centsDown, centsOf, decimalOf, reaisOf } from './scaled';

/** Monthly rates are searched on this grid: 0.0001 is 0.01% a month, the finest step seen in QI's samples. */
const RATE_GRID_DECIMALS = 4;
const HIGHEST_RATE = 10 ** RATE_GRID_DECIMALS;

export interface MonthlyPlan {
  readonly firstDueDate: CalendarDate;
  readonly numberOfInstallments: number;
  readonly maxInstallment: Decimal;
}

/**
 * The largest payout, in reais, whose equal instalment is at most `maxInstallment`: one cent more would not fit.
 * Undefined when not one cent fits, or when tables or calendar do not cover the dates.
 */
export function largestAmount(
  terms: LoanTerms,
  plan: MonthlyPlan,
  context: PricingContext,
): Decimal | undefined {
  return whereCovered(terms, context, (taxes) => {
    const loan = Loan.open(terms, { first: plan.firstDueDate }, taxes, context);
    const amount = loan.largestPayout(
      centsDown(plan.maxInstallment),
      loan.annuity(plan.numberOfInstallments),
    );
    return amount === undefined ? undefined : reaisOf(amount);
  });
}

/**
 * The highest monthly rate, on a grid of 0.0001 up to 1, at which `amount` still fits under `maxInstallment`.
 * Undefined when it does not fit even at zero, or when tables or calendar do not cover the dates.
 */
export function highestRate(
  terms: Omit<LoanTerms, 'rate'>,
  plan: MonthlyPlan & { readonly amount: Decimal },
  context: PricingContext,
): Decimal | undefined {
  return whereCovered(terms, context, (taxes) => {
    const [amount, limit] = [centsOf(plan.amount), centsDown(plan.maxInstallment)];
    const fitsAt = (gridStep: number): boolean => {
      const rate = { kind: 'monthly', value: rateAt(gridStep) } as const;
      const loan = Loan.open({ ...terms, rate }, { first: plan.firstDueDate }, taxes, context);
      const installment = loan.installmentFor(amount, loan.annuity(plan.numberOfInstallments));
      return installment !== undefined && installment <= limit;
    };
    if (!fitsAt(0)) return undefined;
    let [fitting, failing] = [0, HIGHEST_RATE + 1];
    while (failing - fitting > 1) {
      const middle = Math.floor((fitting + failing) / 2);
      if (fitsAt(middle)) fitting = middle;
      else failing = middle;
    }
    return rateAt(fitting);
  });
}

function rateAt(gridStep: number): Decimal {
  return decimalOf(BigInt(gridStep), RATE_GRID_DECIMALS);
}

function whereCovered<Answer>(
  terms: Pick<LoanTerms, 'disbursementDate'>,
  context: PricingContext,
  answer: (taxes: TaxRates) => Answer,
): Answer | undefined {
  const taxes = context.taxRatesOn(terms.disbursementDate);
  if (taxes === undefined) return undefined;
  try {
    return answer(taxes);
  } catch (error) {
    if (error instanceof DateOutsideCalendarError) return undefined;
    throw error;
  }
}
