import { toCents, type CalendarDate, type Decimal } from '../../kernel';
import type { PricingContext } from './context';
import { feeSchedule, sum, type Fee } from './fees';
import { quote, type Quote, type QuoteResult } from './quote';
import type { LoanTerms } from './request';
import { centsOf, decimalOf, reaisOf } from './scaled';

/** Monthly rates are searched on this grid: 0.0001 is 0.01% a month, the finest step seen in QI's samples. */
const GRID_DECIMALS = 4;
const LAST_GRID_STEP = 10 ** GRID_DECIMALS;

/** What the house expects of a loan, beyond its contract. */
export interface EconomicAssumptions {
  /** What our own money costs: a fraction a month, compounded over years of 365 days like the CET. */
  readonly fundingMonthlyRate: Decimal;
  /** Expected loss as a fraction of the issue amount, in today's money (probability of default x loss given default). */
  readonly expectedLossRate: Decimal;
  /** Share of what is owed that is paid ahead on each due date. */
  readonly prepaymentMonthlyRate: Decimal;
  /** Cost of originating and servicing the loan, in today's reais. */
  readonly cost: Decimal;
  /** What we pay others for the loan, besides. */
  readonly fees: readonly Fee[];
  /** Share of the rebates, less their tax, that stays in the house. */
  readonly rebatesKept: Decimal;
}

/** A bid: equal monthly instalments that pay out an amount. */
export interface Bid extends LoanTerms {
  readonly disbursedAmount: Decimal;
  readonly numberOfInstallments: number;
  readonly firstDueDate: CalendarDate;
}

/**
 * What a loan brings the house: the purchaser of the debt and the receiver of the rebates taken as one. Reais, to the
 * cent. `margin` is exactly interest + discount + netRebate - funding - prepayment - expectedLoss - fees - cost.
 */
export interface LoanMargin {
  /** What the purchaser pays on the day of disbursement. */
  readonly assignmentAmount: Decimal;
  /** Instalments over the issue amount. */
  readonly interest: Decimal;
  /** Issue amount less assignment amount: negative where the debt is bought above what it was issued for. */
  readonly discount: Decimal;
  /** Rebates less their tax, as far as they stay in the house. */
  readonly netRebate: Decimal;
  /** What the instalments lose when they are valued today at the funding rate. */
  readonly funding: Decimal;
  /** What they lose besides when part of them is paid ahead. */
  readonly prepayment: Decimal;
  readonly expectedLoss: Decimal;
  readonly fees: Decimal;
  readonly cost: Decimal;
  /** Present value of the expected instalments at the funding rate. */
  readonly fundedValue: Decimal;
  /** Everything laid out today: assignment amount, expected loss, fees and cost, less the net rebate. */
  readonly outlay: Decimal;
  /** Funded value less outlay; negative when the loan loses. */
  readonly margin: Decimal;
}

/**
 * The lowest monthly rate, on the grid of 0.0001, at which a payout over a term does not lose: of a price cell, its usual
 * amount and term. Undefined when none up to 100% does, or the loan cannot be priced.
 */
export function breakEvenMonthlyRate(
  bid: Omit<Bid, 'rate'>,
  assumptions: EconomicAssumptions,
  context: PricingContext,
): Decimal | undefined {
  const step = firstStepWithoutLoss((gridStep) => {
    const at = quoteBid({ ...bid, rate: { kind: 'monthly', value: rateAt(gridStep) } }, context);
    return at.kind === 'quoted' ? Number(loanMargin(at.quote, assumptions).margin.toFixed()) : undefined;
  });
  return step === undefined ? undefined : rateAt(step);
}

/** The loan that a bid makes, priced. */
export function quoteBid(bid: Bid, context: PricingContext): QuoteResult {
  const { disbursedAmount, numberOfInstallments, firstDueDate } = bid;
  const kind = 'disbursed_issue_amount';
  const shape = { kind, disbursedIssueAmount: disbursedAmount, numberOfInstallments, firstDueDate } as const;
  return quote({ ...bid, shape }, context);
}

/** What a priced loan brings, at a small part of what its break-even rate takes. */
export function loanMargin(quote: Quote, assumptions: EconomicAssumptions): LoanMargin {
  const { assignmentAmount, issueAmount, totalInstallments } = quote;
  const { fundingMonthlyRate, prepaymentMonthlyRate } = assumptions;
  const netRebate = toCents(quote.netRebateAmount.times(assumptions.rebatesKept));
  const expectedLoss = toCents(issueAmount.times(assumptions.expectedLossRate));
  const fees = reaisOf(sum(feeSchedule(assumptions.fees).amountsOn(centsOf(issueAmount))));
  const cost = toCents(assumptions.cost);
  const unprepaid = quote.presentValueAt(fundingMonthlyRate);
  const fundedValue = prepaymentMonthlyRate.isZero()
    ? unprepaid
    : quote.presentValueAt(fundingMonthlyRate, prepaymentMonthlyRate);
  const outlay = assignmentAmount.plus(expectedLoss).plus(fees).plus(cost).minus(netRebate);
  return {
    assignmentAmount,
    interest: totalInstallments.minus(issueAmount),
    discount: issueAmount.minus(assignmentAmount),
    netRebate,
    funding: totalInstallments.minus(unprepaid),
    prepayment: unprepaid.minus(fundedValue),
    expectedLoss,
    fees,
    cost,
    fundedValue,
    outlay,
    margin: fundedValue.minus(outlay),
  };
}

/** Yield on the outlay over the funding rate, a month; undefined when nothing is laid out. Never differs in sign from the margin in reais. */
export function monthlyMargin(
  quote: Quote,
  { outlay }: LoanMargin,
  { fundingMonthlyRate, prepaymentMonthlyRate }: EconomicAssumptions,
): Decimal | undefined {
  if (outlay.lte(0)) return undefined;
  return quote.yieldAt(outlay, prepaymentMonthlyRate)?.monthlyExact.minus(fundingMonthlyRate);
}

function rateAt(gridStep: number): Decimal {
  return decimalOf(BigInt(gridStep), GRID_DECIMALS);
}

/** Where the search begins: loans break even about there. */
const FIRST_GUESSES = [150, 250] as const;
/** What is nearly straight is found by then; anything else is halved. */
const MOST_GUESSES = 8;

/**
 * The lowest step from 0 (0%) to the last (100% a month) at which there is no loss; undefined when there is none. A value is lost
 * while it is negative or unknown, and once it is not it must stay so as the rate rises. Each asking is a quote, so that the next
 * step is where the line through the last two values says; a margin is nearly straight in the rate.
 */
function firstStepWithoutLoss(valueAt: (gridStep: number) => number | undefined): number | undefined {
  let [losing, holding] = [-1, LAST_GRID_STEP + 1];
  let before: { readonly step: number; readonly value: number } | undefined;
  let next: number = FIRST_GUESSES[0];
  for (let asked = 1; holding - losing > 1; asked++) {
    const step = Math.min(Math.max(next, losing + 1), holding - 1);
    const value = valueAt(step);
    if (value === undefined || value < 0) losing = step;
    else holding = step;
    const guess =
      value === undefined || asked > MOST_GUESSES
        ? undefined
        : before === undefined
          ? FIRST_GUESSES[1]
          : Math.ceil(step - (value * (step - before.step)) / (value - before.value));
    next = guess !== undefined && Number.isFinite(guess) ? guess : Math.floor((losing + holding) / 2);
    before = value === undefined ? undefined : { step, value };
  }
  return holding > LAST_GRID_STEP ? undefined : holding;
}
