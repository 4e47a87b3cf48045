import { CENT, Decimal, assert, calendarDateAt, onceFor, type CalendarDate } from '../../kernel';
import {
  evaluateRules,
  limitsFor,
  missingReason,
  priceRows,
  reasonsOf,
  type EconomicsFound,
  type Facts,
  type Limits,
  type PolicyVersion,
  type PriceBand,
  type PriceRebate,
  type Reason,
  type RuleVerdict,
} from '../../policy/domain';
import {
  fitOffer,
  type Fee,
  type FittedOffer,
  type InterestBase,
  type PricingContext,
} from '../../pricing/domain';
import { firstDueDate, type PayrollRule } from './first-due-date';
import { fitReason, noPayrollRule } from './fit-reasons';
import { dearerThanLiveReason, noMarginReason } from './limit-reasons';
import { withOfferFacts } from './offer-facts';
import { learnedPrices, type LearnedPrices, type RateModel, type RateModelTrace } from './rate-model';

/** What the programme fixes and no policy chooses; dated data. */
export interface ProgrammeTerms {
  readonly interestBase: InterestBase;
  /** QI's own fees on a contract, set up on its side. */
  readonly contractFees: readonly Fee[];
  readonly payrollRules: readonly PayrollRule[];
}

/** What a decision depends on besides the facts, whatever the product. */
export interface DecisionTerms {
  readonly policy: PolicyVersion;
  readonly pricing: PricingContext;
  readonly programme: ProgrammeTerms;
  readonly context: {
    readonly now: Date;
    /** `lowestRate`: the lowest monthly one of our offers to the borrower that are still alive; undefined without any. */
    readonly liveOffers: { readonly lowestRate: Decimal | undefined };
  };
  /** Within the time for it, or after (when the first proposal wins if nobody bid). */
  readonly window: 'on_time' | 'late';
  /** When an instalment was refused as too high: the new one must be lower than this. */
  readonly installmentBelow: Decimal | undefined;
  /** Of the borrower; undefined is not known. */
  readonly birthDate: CalendarDate | undefined;
  /** What draws the arm of a learned rate. */
  readonly auctionKey?: string;
  /** Undefined: every rate is the table's. */
  readonly rateModel?: RateModel | undefined;
}

export interface FittedBid {
  readonly monthlyInterestRate: Decimal;
  readonly numberOfInstallments: number;
  /** Paid out to the borrower. */
  readonly disbursedIssueAmount: Decimal;
  readonly installmentFaceValue: Decimal;
  readonly issueAmount: Decimal;
  /** What the purchaser pays: the issue amount and the rebates. */
  readonly assignmentAmount: Decimal;
  readonly iofAmount: Decimal;
  readonly monthlyCet: Decimal;
  readonly disbursementDate: CalendarDate;
  readonly firstDueDate: CalendarDate;
  readonly daysToExpiration: number;
  readonly rebates: readonly PriceRebate[];
  /** The row of the price table it comes from. */
  readonly priceRow: string;
}

/** Why it came out so: every rule with what it saw and wanted, and the rows that set limits and price. */
export interface DecisionTrace {
  readonly window: 'on_time' | 'late';
  readonly decided_on: CalendarDate;
  readonly rules: readonly RuleVerdict[];
  readonly limits: { readonly table: string | undefined; readonly row: string | undefined } | undefined;
  readonly prices: { readonly table: string | undefined; readonly rows: readonly string[] } | undefined;
  readonly fit: { readonly strategy: string; readonly row: string } | undefined;
  /** Of an offer, by which inputs it is worth what it is worth; only under a policy that says so. */
  readonly economics?: EconomicsFound;
  /** Where rates are learnt: which one this is, and why. */
  readonly rate_model?: RateModelTrace;
}

interface Decided {
  readonly policy: { readonly version: string; readonly hash: string };
  /** For a bid: what was flagged on the way. */
  readonly reasons: readonly Reason[];
  readonly trace: DecisionTrace;
}

export type Decision =
  | (Decided & { readonly outcome: 'no_bid' })
  | (Decided & { readonly outcome: 'bid'; readonly bid: FittedBid });

/**
 * From facts to a bid, or to no bid with every reason for it. The same facts and terms give the same decision, byte for byte.
 * All rules of a stage are evaluated whether or not one has declined. Anything missing, undecided, unpriced or left for
 * a person ("review") is no bid: there is nobody to ask within two minutes.
 * @param price for a caller that may know its answer already.
 */
export function decideOn(facts: Facts, terms: DecisionTerms, price = priceOffer): Decision {
  const { context, window } = terms;
  const policy = terms.policy.compiled;
  const identity = { version: terms.policy.version, hash: policy.hash };
  const on = calendarDateAt(context.now);
  const requestRules = evaluateRules(policy, 'request', facts, on, window);
  const limits = limitsFor(policy, facts, window);
  const prices = priceRows(policy, facts, window);
  const traceOf = (
    rules: readonly RuleVerdict[],
    { fit, economics, rateModel }: PricedTrace = {},
  ): DecisionTrace => ({
    window,
    decided_on: on,
    rules,
    limits: limits.kind === 'match' ? { table: limits.table, row: limits.value.rowId } : undefined,
    prices: prices.kind === 'match' ? { table: prices.table, rows: rowsIn(prices.value) } : undefined,
    fit,
    ...(economics && { economics }),
    ...(rateModel && { rate_model: rateModel }),
  });
  const noBid = (reasons: readonly Reason[], trace = traceOf(requestRules)): Decision => ({
    outcome: 'no_bid',
    policy: identity,
    reasons: withoutRepeats(reasons),
    trace,
  });

  const reasons = [
    ...reasonsOf(requestRules),
    ...(limits.kind === 'none' ? limits.reasons : []),
    ...(prices.kind === 'none' ? prices.reasons : []),
    ...missingForPrice(facts),
  ];
  if (limits.kind === 'none' || prices.kind === 'none' || reasons.some(prevents)) return noBid(reasons);

  const learned = learnedOf(facts, terms, prices.value);
  const priced = price(terms, facts, on, limits.value, learned?.bands ?? prices.value);
  if (priced.kind === 'none')
    return noBid(
      [...reasons, ...(learned?.hasNoMargin === true ? [noMarginReason()] : []), ...priced.reasons],
      traceOf(requestRules, asAsked(learned, facts)),
    );
  const { bid, strategy } = priced;
  const offerRules = evaluateRules(policy, 'offer', priced.facts, on, window);
  const trace = traceOf([...requestRules, ...offerRules], {
    fit: { strategy, row: bid.priceRow },
    economics: policy.economics?.find(priced.facts, on),
    rateModel: learned?.traceAt(bid.disbursedIssueAmount, bid.numberOfInstallments),
  });
  const { lowestRate } = context.liveOffers;
  const isDearer = lowestRate !== undefined && bid.monthlyInterestRate.gt(lowestRate);
  const allReasons = [
    ...reasons,
    ...reasonsOf(offerRules),
    ...(isDearer ? [dearerThanLiveReason(bid.monthlyInterestRate, lowestRate)] : []),
  ];
  if (allReasons.some(prevents)) return noBid(allReasons, trace);
  return {
    outcome: 'bid',
    policy: identity,
    bid,
    reasons: withoutRepeats(allReasons),
    trace,
  };
}

/** The same decision when the bid may not be made after all: what was found stays, and these reasons are added. */
export function declinedAfterAll(
  { policy, reasons, trace }: Decision,
  added: readonly Reason[],
): Extract<Decision, { outcome: 'no_bid' }> {
  return { outcome: 'no_bid', policy, reasons: withoutRepeats([...reasons, ...added]), trace };
}

interface PricedTrace {
  readonly fit?: DecisionTrace['fit'];
  readonly economics?: EconomicsFound | undefined;
  readonly rateModel?: RateModelTrace | undefined;
}

/** Undefined where rates are not learnt; bids after the limit keep their table. */
function learnedOf(
  facts: Facts,
  terms: DecisionTerms,
  prices: readonly PriceBand[],
): LearnedPrices | undefined {
  const { rateModel: model, policy, window, auctionKey, context } = terms;
  const { learning, hash } = policy.compiled;
  if (model === undefined || learning === undefined || auctionKey === undefined || window === 'late')
    return undefined;
  const lowestLiveRate = context.liveOffers.lowestRate;
  return learnedPrices({ learning, model, policyHash: hash, auctionKey, lowestLiveRate }, facts, prices);
}

/** Of a request without an offer: what would have been asked for it. */
function asAsked(
  learned: LearnedPrices | undefined,
  { requested_amount: amount, requested_installments: installments }: Facts,
): PricedTrace {
  if (learned === undefined || amount === undefined || installments === undefined) return {};
  return { rateModel: learned.traceAt(amount, installments) };
}

const rowsIn = onceFor(rowsOf);

/** The rows of a price table that bands come from. */
export function rowsOf(bands: readonly PriceBand[]): readonly string[] {
  return [...new Set(bands.map(({ id }) => id))];
}

/** Only what is merely flagged lets a bid pass: there is nobody in an auction who could look at what asks for a person. */
export function prevents({ severity }: Pick<Reason, 'severity'>): boolean {
  return severity !== 'flag';
}

/** Facts without which no loan can be priced, whatever the policy says of them. */
function missingForPrice(facts: Facts): readonly Reason[] {
  const needed = ['requested_amount', 'requested_installments', 'margin'] as const;
  return needed.filter((field) => facts[field] === undefined).map(missingReason);
}

type PricedOffer =
  | {
      readonly kind: 'priced';
      readonly bid: FittedBid;
      readonly strategy: string;
      /** Those of the request, and of the bid. */
      readonly facts: Facts;
    }
  | { readonly kind: 'none'; readonly reasons: readonly Reason[] };

/** The best offer within a policy's limits, at its prices. Of the policy's rules it knows nothing. */
export function priceOffer(
  terms: DecisionTerms,
  facts: Facts,
  on: CalendarDate,
  limits: Limits,
  bands: readonly PriceBand[],
): PricedOffer {
  const { requested_amount: askedAmount, requested_installments: askedInstallments, margin } = facts;
  assert(
    askedAmount && askedInstallments !== undefined && margin,
    'a loan is priced only when its facts are known',
  );
  const { programme, policy, pricing, installmentBelow, birthDate } = terms;
  const due = firstDueDate(on, programme.payrollRules);
  if (due === undefined) return { kind: 'none', reasons: [noPayrollRule(on)] };
  const { strategies, safety_tolerance } = policy.compiled.policy.fitting;
  const underMargin = margin.minus(safety_tolerance);
  const maxInstallment =
    installmentBelow === undefined ? underMargin : Decimal.min(underMargin, installmentBelow.minus(CENT));
  const offer = fitOffer(
    {
      askedAmount,
      askedInstallments,
      maxInstallment,
      disbursementDate: on,
      firstDueDate: due,
      interestBase: programme.interestBase,
      contractFees: programme.contractFees,
      strategies,
      amountRange: limits.amount,
      installmentsRange: limits.installments,
      priceBands: bands,
    },
    pricing,
  );
  if (offer.kind === 'does_not_fit')
    return { kind: 'none', reasons: offer.reasons.map((reason) => fitReason(reason)) };
  const band = bands.find(({ id }) => id === offer.bandId);
  assert(band !== undefined, 'an offer comes from one of the bands it was given');
  const bid = bidOf(offer, band);
  const bidFacts = withOfferFacts(facts, bid, { birthDate, lastDueDate: offer.quote.lastDueDate });
  return { kind: 'priced', strategy: offer.strategy, bid, facts: bidFacts };
}

function bidOf({ quote, ...offer }: FittedOffer, band: PriceBand): FittedBid {
  const { installmentFaceValue } = quote;
  assert(installmentFaceValue !== undefined, 'a fitted loan has equal instalments');
  // What follows from the quote is worked out when it is asked for: who decides a million seldom asks.
  return {
    monthlyInterestRate: offer.monthlyInterestRate,
    numberOfInstallments: offer.numberOfInstallments,
    disbursedIssueAmount: offer.amount,
    installmentFaceValue,
    get issueAmount() {
      return quote.issueAmount;
    },
    get assignmentAmount() {
      return quote.assignmentAmount;
    },
    get iofAmount() {
      return quote.iofAmount;
    },
    get monthlyCet() {
      return quote.cet.monthly;
    },
    disbursementDate: quote.disbursementDate,
    firstDueDate: quote.firstDueDate,
    daysToExpiration: band.daysToExpiration,
    rebates: band.rebates,
    priceRow: band.row ?? band.id,
  };
}

/** A rule and the pricing may both miss the same fact: it is one reason. */
export function withoutRepeats(reasons: readonly Reason[]): readonly Reason[] {
  if (reasons.length < 2) return reasons;
  return [...new Map(reasons.map((reason) => [`${reason.code} ${reason.ruleId ?? ''}`, reason])).values()];
}
