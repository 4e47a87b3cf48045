import { addMonths, Decimal, type CalendarDate } from '../../../../kernel';
import { quote, type InterestBase, type PricingContext } from '../../../../pricing/domain';

/** The instalments of a loan, as it was accepted. */
export interface PaymentPlan {
  readonly installment: Decimal;
  readonly numberOfInstallments: number;
  readonly firstDueDate: CalendarDate;
  readonly monthlyInterestRate: Decimal;
}

/**
 * What pays a loan off on a day: the instalments that fall due after it, at the loan's own rate, in reais. Those that are
 * due already count as paid. Zero when none is left.
 */
export function dueBalance(
  plan: PaymentPlan,
  on: CalendarDate,
  interestBase: InterestBase,
  pricing: PricingContext,
): Decimal {
  const installments = Array.from({ length: plan.numberOfInstallments }, (_, nth) => ({
    dueDate: addMonths(plan.firstDueDate, nth),
    totalAmount: plan.installment,
  })).filter(({ dueDate }) => dueDate > on);
  if (installments.length === 0) return new Decimal(0);
  const result = quote(
    {
      disbursementDate: on,
      rate: { kind: 'monthly', value: plan.monthlyInterestRate },
      interestBase,
      contractFees: [],
      rebates: [],
      shape: { kind: 'installments', installments },
    },
    pricing,
  );
  if (result.kind === 'refused')
    throw new Error(`a loan of ours has no due balance: ${result.refusal.message}`);
  return result.quote.issueAmount;
}
