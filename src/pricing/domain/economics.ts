import { toCents, type CalendarDate, type Decimal } from '../../kernel';
import type { PricingContext } from './context';
import { quote, type Quote, type QuoteRefusal, type QuoteResult } from './quote';
import type { LoanTerms } from './request';
import { decimalOf } from './scaled';

/** Monthly rates are searched on this grid: 0.0001 is 0.01% a month, the finest step seen in QI's samples. */
const GRID_DECIMALS = 4;
const LAST_GRID_STEP = 10 ** GRID_DECIMALS;

/** What the house expects of a loan, beyond its contract. */
export interface EconomicAssumptions {
  /** What our own money costs: a fraction a month, compounded over years of 365 days like the CET. */
  readonly fundingMonthlyRate: Decimal;
  /** Expected loss as a fraction of the issue amount, in today's money (probability of default x loss given default). */
  readonly expectedLossRate: Decimal;
  /** Cost of originating and servicing the loan, in today's reais. */
  readonly cost: Decimal;
}

/** A bid: equal monthly instalments that pay out an amount. */
export interface Bid extends LoanTerms {
  readonly disbursedAmount: Decimal;
  readonly numberOfInstallments: number;
  readonly firstDueDate: CalendarDate;
}

/** What a bid brings the house: the purchaser of the debt and the receiver of the rebates taken as one. Reais. */
export interface BidEconomics {
  readonly quote: Quote;
  /** What the purchaser pays on the day of disbursement. */
  readonly assignmentAmount: Decimal;
  /** The purchaser's yield, a fraction a month (10 decimals): instalments against the assignment amount. */
  readonly purchaserMonthlyYield: Decimal | undefined;
  /** Rebates less their tax. */
  readonly netRebate: Decimal;
  readonly expectedLoss: Decimal;
  readonly cost: Decimal;
  /** Present value of the instalments at the funding rate. */
  readonly fundedValue: Decimal;
  /** Everything laid out today: assignment amount, expected loss and cost, less the net rebate. */
  readonly outlay: Decimal;
  /** Funded value less outlay; negative when the bid loses. */
  readonly margin: Decimal;
  /** Yield on the outlay over the funding rate, a month; undefined when nothing is laid out. */
  readonly monthlyMargin: Decimal | undefined;
  /** The lowest monthly rate, on the grid of 0.0001, at which the same payout and term do not lose. */
  readonly breakEvenMonthlyRate: Decimal | undefined;
}

export type BidEconomicsResult =
  | { readonly kind: 'computed'; readonly economics: BidEconomics }
  | { readonly kind: 'refused'; readonly refusal: QuoteRefusal };

/** The economics of a bid under assumptions. The margin in reais and the one a month never differ in sign. */
export function bidEconomics(
  bid: Bid,
  assumptions: EconomicAssumptions,
  context: PricingContext,
): BidEconomicsResult {
  const priced = quoteBid(bid, context);
  if (priced.kind === 'refused') return priced;
  const breakEven = firstStepWhere((gridStep) => {
    const at = quoteBid({ ...bid, rate: { kind: 'monthly', value: rateAt(gridStep) } }, context);
    return at.kind === 'quoted' && marginOf(at.quote, assumptions).margin.gte(0);
  });
  return {
    kind: 'computed',
    economics: {
      quote: priced.quote,
      ...marginOf(priced.quote, assumptions),
      purchaserMonthlyYield: priced.quote.yieldAt(priced.quote.assignmentAmount)?.monthlyExact,
      monthlyMargin: monthlyMargin(priced.quote, assumptions),
      breakEvenMonthlyRate: breakEven === undefined ? undefined : rateAt(breakEven),
    },
  };
}

function quoteBid(bid: Bid, context: PricingContext): QuoteResult {
  const { disbursedAmount, numberOfInstallments, firstDueDate } = bid;
  const kind = 'disbursed_issue_amount';
  const shape = { kind, disbursedIssueAmount: disbursedAmount, numberOfInstallments, firstDueDate } as const;
  return quote({ ...bid, shape }, context);
}

type Margin = Pick<
  BidEconomics,
  'assignmentAmount' | 'netRebate' | 'expectedLoss' | 'cost' | 'fundedValue' | 'outlay' | 'margin'
>;

function marginOf(quote: Quote, assumptions: EconomicAssumptions): Margin {
  const { assignmentAmount, netRebateAmount: netRebate, issueAmount } = quote;
  const expectedLoss = toCents(issueAmount.times(assumptions.expectedLossRate));
  const cost = toCents(assumptions.cost);
  const fundedValue = quote.presentValueAt(assumptions.fundingMonthlyRate);
  const outlay = assignmentAmount.plus(expectedLoss).plus(cost).minus(netRebate);
  const margin = fundedValue.minus(outlay);
  return { assignmentAmount, netRebate, expectedLoss, cost, fundedValue, outlay, margin };
}

function monthlyMargin(quote: Quote, assumptions: EconomicAssumptions): Decimal | undefined {
  const { outlay } = marginOf(quote, assumptions);
  if (outlay.lte(0)) return undefined;
  return quote.yieldAt(outlay)?.monthlyExact.minus(assumptions.fundingMonthlyRate);
}

function rateAt(gridStep: number): Decimal {
  return decimalOf(BigInt(gridStep), GRID_DECIMALS);
}

/**
 * The lowest step from 0 (0%) to the last (100% a month) at which `holds`, which once true must stay true as the
 * rate rises; undefined when it never is.
 */
function firstStepWhere(holds: (gridStep: number) => boolean): number | undefined {
  let [low, high] = [0, LAST_GRID_STEP + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low > LAST_GRID_STEP ? undefined : low;
}
