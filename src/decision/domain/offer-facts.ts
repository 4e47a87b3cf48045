import { ageInYears, type CalendarDate, type Decimal } from '../../kernel';
import type { Facts, OfferFacts } from '../../policy/domain';

/** The terms of a priced offer, as far as rules may ask about them. */
export interface OfferTerms {
  readonly disbursedIssueAmount: Decimal;
  readonly numberOfInstallments: number;
  readonly installmentFaceValue: Decimal;
  /** Fraction: 0.0249 is 2.49% a month. */
  readonly monthlyInterestRate: Decimal;
  readonly monthlyCet: Decimal;
}

/** The facts of a request together with those of an offer for it. Ratios are to 34 significant digits. */
export function withOfferFacts(
  facts: Facts,
  offer: OfferTerms,
  {
    birthDate,
    lastDueDate,
  }: { readonly birthDate: CalendarDate | undefined; readonly lastDueDate: CalendarDate },
): Facts & OfferFacts {
  let toMargin: Decimal | undefined;
  let toRequested: Decimal | undefined;
  return {
    ...facts,
    offered_amount: offer.disbursedIssueAmount,
    offered_installments: offer.numberOfInstallments,
    offered_installment: offer.installmentFaceValue,
    offered_rate: offer.monthlyInterestRate,
    get offered_monthly_cet() {
      return offer.monthlyCet;
    },
    last_due_date: lastDueDate,
    age_at_last_installment: birthDate === undefined ? undefined : ageInYears(birthDate, lastDueDate),
    get installment_to_margin() {
      return (toMargin ??= ratio(offer.installmentFaceValue, facts.margin));
    },
    get offered_to_requested() {
      return (toRequested ??= ratio(offer.disbursedIssueAmount, facts.requested_amount));
    },
  };
}

/** Undefined when there is nothing to divide by. */
function ratio(part: Decimal, whole: Decimal | undefined): Decimal | undefined {
  return whole === undefined || whole.lte(0) ? undefined : part.dividedBy(whole);
}
