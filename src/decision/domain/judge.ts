import { calendarDateAt } from '../../kernel';
import {
  isWithinCap,
  productPolicy,
  reasonsOf,
  verdictsOn,
  type CapsInForce,
  type CompiledFeeTable,
  type CompiledProduct,
  type DirectProduct,
  type Facts,
  type Limits,
  type PriceBand,
  type PriceRebate,
  type ProductFacts,
  type Reason,
  type RequestFacts,
  type RuleVerdict,
  type Stage,
  type TableResult,
  type PolicyVersion,
} from '../../policy/domain';
import { rowsOf, withoutRepeats, type DecisionTrace } from './decide';
import { notInPolicy, offerReasons, rateAboveCap } from './judge-reasons';

/** What a judgement depends on besides the facts. */
export interface JudgeTerms {
  readonly policy: PolicyVersion;
  readonly now: Date;
  /** What law lets the product cost and last that day. */
  readonly caps: CapsInForce;
  /** For an estimate, which is about nobody: limits and prices are asked, and no rule. */
  readonly withoutRules?: boolean;
}

/** As of an auction, and the product with all its fee tables instead of the prices of one table. */
export interface ProductTrace extends DecisionTrace {
  readonly product: DirectProduct;
  readonly fee_tables: readonly {
    readonly id: string;
    readonly table: string | undefined;
    readonly rows: readonly string[];
  }[];
}

interface Judged {
  readonly policy: { readonly version: string; readonly hash: string };
  /** Every reason against it and every flag; for a person who is to look, why. */
  readonly reasons: readonly Reason[];
  readonly trace: ProductTrace;
}

/** One of the offers to be shown side by side, and the prices at which it may be made. */
export interface OpenFeeTable {
  readonly id: string;
  readonly label: string;
  readonly contractFees: readonly PriceRebate[];
  /** None is above the legal cap. */
  readonly bands: readonly PriceBand[];
}

/** What may be offered to whoever is eligible; of `review`, once a person agrees. */
interface Open {
  readonly limits: Limits;
  /** At least one, each with at least one band. */
  readonly feeTables: readonly OpenFeeTable[];
}

export type RequestJudgement =
  | (Judged & Open & { readonly outcome: 'eligible' | 'review' })
  | (Judged & { readonly outcome: 'not_eligible' });

export type OfferJudgement = Judged & { readonly outcome: 'stands' | 'review' | 'refused' };

/**
 * Whether anything may be offered, within which limits and at which prices. The same facts and terms give the same
 * judgement, byte for byte. All rules are evaluated whether or not one has declined; what is missing declines. A policy
 * without a section for the product offers nothing.
 */
export function judgeRequest<P extends DirectProduct>(
  product: P,
  facts: Facts & RequestFacts<P>,
  terms: JudgeTerms,
): RequestJudgement {
  const policy = productPolicy(terms.policy.compiled, product);
  if (policy === undefined) return { outcome: 'not_eligible', ...withoutSection(product, terms) };
  const looked = look(policy, ['request'], facts, terms);
  const feeTables = looked.priced.flatMap(openOf);
  const judged = judgedOf(product, looked, looked.reasons, terms);
  const outcome = outcomeOf(judged.reasons);
  if (outcome === 'declined' || looked.limits.kind === 'none') return { outcome: 'not_eligible', ...judged };
  return {
    outcome: outcome === 'review' ? 'review' : 'eligible',
    ...judged,
    limits: looked.limits.value,
    feeTables,
  };
}

/**
 * Whether an offer may be made as it was priced: the request is judged again, and the offer by the rules on offers, the
 * limits, the legal caps, and the fee table it says it comes from.
 */
export function judgeOffer<P extends DirectProduct>(
  product: P,
  facts: Facts & ProductFacts<P>,
  terms: JudgeTerms & { readonly feeTable: string },
): OfferJudgement {
  const policy = productPolicy(terms.policy.compiled, product);
  if (policy === undefined) return { outcome: 'refused', ...withoutSection(product, terms) };
  const all = look(policy, ['request', 'offer'], facts, terms);
  const priced = all.priced.filter(({ feeTable }) => feeTable.id === terms.feeTable);
  const bands = priced.flatMap(({ bands: open }) => open);
  const limits = all.limits.kind === 'match' ? all.limits.value : undefined;
  const { reasons, row } = offerReasons(product, facts, { limits, bands, cap: terms.caps.rate });
  const looked = { ...all, priced };
  const judged = judgedOf(product, looked, [...all.reasons, ...reasons], terms, row);
  const outcome = outcomeOf(judged.reasons);
  return {
    outcome: outcome === 'declined' ? 'refused' : outcome === 'review' ? 'review' : 'stands',
    ...judged,
  };
}

/** The same judgement when the offer may not be made after all: what was found stays, and these reasons are added. */
export function refusedAfterAll(judgement: OfferJudgement, added: readonly Reason[]): OfferJudgement {
  return { ...judgement, outcome: 'refused', reasons: withoutRepeats([...judgement.reasons, ...added]) };
}

/** The same when nothing may be offered after all. */
export function notEligibleAfterAll(
  { policy, reasons, trace }: RequestJudgement,
  added: readonly Reason[],
): Extract<RequestJudgement, { outcome: 'not_eligible' }> {
  return { outcome: 'not_eligible', policy, reasons: withoutRepeats([...reasons, ...added]), trace };
}

/** The prices that a fee table has for the facts; those above the legal cap are told apart. */
interface PricedTable {
  readonly feeTable: CompiledFeeTable;
  readonly table: string | undefined;
  readonly bands: readonly PriceBand[];
  readonly tooDear: readonly PriceBand[];
}

interface Looked {
  readonly rules: readonly RuleVerdict[];
  readonly limits: TableResult<Limits>;
  readonly priced: readonly PricedTable[];
  readonly reasons: readonly Reason[];
}

/** What the product's part of the policy says of the facts. */
function look(policy: CompiledProduct, stages: readonly Stage[], facts: Facts, terms: JudgeTerms): Looked {
  const on = calendarDateAt(terms.now);
  const rules =
    terms.withoutRules === true ? [] : stages.flatMap((stage) => verdictsOn(policy.rules[stage], facts, on));
  const limits = withinTermCap(policy.limits(facts), terms.caps.installments);
  const found = policy.feeTables.map((feeTable) => ({ feeTable, prices: feeTable.prices(facts) }));
  const priced = found.map((one) => pricedBy(one.feeTable, one.prices, terms.caps));
  const isPriced = priced.some(({ bands }) => bands.length > 0);
  const tooDear = priced.flatMap((one) => one.tooDear);
  const reasons = [
    ...reasonsOf(rules),
    ...(limits.kind === 'none' ? limits.reasons : []),
    ...(isPriced ? [] : found.flatMap(({ prices }) => (prices.kind === 'none' ? prices.reasons : []))),
    ...tooDear.map((band) =>
      rateAboveCap(band.monthlyInterestRate, terms.caps.rate, isPriced ? 'flag' : 'decline'),
    ),
  ];
  return { rules, limits, priced, reasons };
}

function pricedBy(
  feeTable: CompiledFeeTable,
  prices: TableResult<readonly PriceBand[]>,
  { rate: cap }: CapsInForce,
): PricedTable {
  const all = prices.kind === 'match' ? prices.value : [];
  const isLegal = ({ monthlyInterestRate }: PriceBand): boolean =>
    cap === undefined || isWithinCap(monthlyInterestRate, cap);
  return {
    feeTable,
    table: prices.table,
    bands: all.filter(isLegal),
    tooDear: all.filter((band) => !isLegal(band)),
  };
}

/** Law narrows the term like one more row of the limits table. */
function withinTermCap(limits: TableResult<Limits>, most: number | undefined): TableResult<Limits> {
  if (limits.kind === 'none' || most === undefined) return limits;
  const { installments } = limits.value;
  const max = Math.min(installments.max, most);
  return { ...limits, value: { ...limits.value, installments: { ...installments, max } } };
}

function openOf({ feeTable, bands }: PricedTable): readonly OpenFeeTable[] {
  const { id, label, contractFees } = feeTable;
  return bands.length === 0 ? [] : [{ id, label, contractFees, bands }];
}

function outcomeOf(reasons: readonly Reason[]): 'clear' | 'review' | 'declined' {
  if (reasons.some(({ severity }) => severity === 'decline')) return 'declined';
  return reasons.some(({ severity }) => severity === 'review') ? 'review' : 'clear';
}

function withoutSection(product: DirectProduct, terms: JudgeTerms): Judged {
  const nothing: Looked = {
    rules: [],
    limits: { kind: 'none', table: undefined, reasons: [], missing: [] },
    priced: [],
    reasons: [notInPolicy(product)],
  };
  return judgedOf(product, nothing, nothing.reasons, terms);
}

/** @param row of the price table, that prices the offer. */
function judgedOf(
  product: DirectProduct,
  { rules, limits, priced }: Looked,
  reasons: readonly Reason[],
  { policy, now }: JudgeTerms,
  row?: string,
): Judged {
  return {
    policy: { version: policy.version, hash: policy.compiled.hash },
    reasons: withoutRepeats(reasons),
    trace: {
      product,
      window: 'on_time',
      decided_on: calendarDateAt(now),
      rules,
      limits: limits.kind === 'match' ? { table: limits.table, row: limits.value.rowId } : undefined,
      prices: undefined,
      fit: undefined,
      fee_tables: priced.map(({ feeTable: { id }, table, bands }) => ({
        id,
        table,
        rows: row === undefined ? rowsOf(bands) : [row],
      })),
    },
  };
}
