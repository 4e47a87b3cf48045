import type { CalendarDate, Decimal } from '../../kernel';
import type { Fee } from './fees';
import type { GivenRate, InterestBase } from './rates';

/** One instalment of a given flow: an amount to pay, or the upper bound of one. */
export interface FlowInstallment {
  readonly dueDate: CalendarDate;
  /** In reais, whole cents. */
  readonly totalAmount: Decimal;
}

/** What the price is asked of. */
export type QuoteShape =
  /** What is this cash flow worth? */
  | { readonly kind: 'installments'; readonly installments: readonly FlowInstallment[] }
  /** What do equal monthly instalments pay out? */
  | {
      readonly kind: 'installment_face_value';
      readonly installmentFaceValue: Decimal;
      readonly numberOfInstallments: number;
      readonly firstDueDate: CalendarDate;
    }
  /** Which equal monthly instalment pays out exactly this? */
  | {
      readonly kind: 'disbursed_issue_amount';
      readonly disbursedIssueAmount: Decimal;
      readonly numberOfInstallments: number;
      readonly firstDueDate: CalendarDate;
    }
  /** Which part of these instalments, in due order and up to these bounds, pays out exactly this? */
  | {
      readonly kind: 'target_disbursed_amount';
      readonly targetDisbursedAmount: Decimal;
      readonly installments: readonly FlowInstallment[];
    };

/** The terms under which a loan is priced, whatever its amount. */
export interface LoanTerms {
  readonly disbursementDate: CalendarDate;
  readonly rate: GivenRate;
  readonly interestBase: InterestBase;
  /** Taken off what the borrower gets. */
  readonly contractFees: readonly Fee[];
  /** Added to what the purchaser pays (QI's external contract fees). */
  readonly rebates: readonly Fee[];
}

/** A well-formed question: dates exist and rise, amounts are positive whole cents (see `parseQuoteRequest`). */
export interface QuoteRequest extends LoanTerms {
  readonly shape: QuoteShape;
}
