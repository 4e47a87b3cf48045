import { DateOutsideCalendarError, type CalendarDate, type Decimal } from '../../kernel';
import type { PricingContext } from './context';
import type { TaxRates } from './dated-tables';
import { Loan } from './loan';
import { firstStepWhere, LAST_GRID_STEP, rateAt } from './rate-grid';
import type { LoanTerms } from './request';
import { centsDown, centsOf, reaisOf } from './scaled';

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
    const amount = loan.largestPayout(centsDown(plan.maxInstallment), plan.numberOfInstallments);
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
      const installment = loan.installmentFor(amount, plan.numberOfInstallments);
      return installment !== undefined && installment <= limit;
    };
    const tooHigh = firstStepWhere((gridStep) => !fitsAt(gridStep)) ?? LAST_GRID_STEP + 1;
    return tooHigh === 0 ? undefined : rateAt(tooHigh - 1);
  });
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
