import { assert, type CalendarDate } from '../../kernel';
import type { NamedSet, NamedSets } from './condition';
import {
  inlineLists,
  isLimitsTable,
  isPriceTable,
  type BiddingWindow,
  type PolicyDocument,
  type PriceTable,
  type Rule,
} from './document';
import type { Facts, Stage } from './fields';
import type { InlineLists } from './grid';
import { compileLimits, type Limits } from './limits';
import type { TableAnswer } from './match-table';
import { policyHash, type Policy } from './policy';
import { compilePrices, type PriceBand } from './price-table';
import {
  compileRule,
  LATE_BIDDING_OFF,
  MARGIN_BELOW_MINIMUM,
  missingReason,
  type CompiledRule,
  type Reason,
  type RuleVerdict,
} from './rule';

/** A named list kept outside the document, in its own version. */
export interface ExternalList {
  /** Hash of its content: part of the policy's address. */
  readonly sha256: string;
  has(value: string): boolean;
}
export type ExternalLists = ReadonlyMap<string, ExternalList>;

/** A policy ready to decide. Built once at activation; an evaluation parses and looks up nothing. */
export interface CompiledPolicy {
  /** SHA-256 address of the document and its lists. */
  readonly hash: string;
  readonly policy: Policy;
  readonly books: Readonly<Record<BiddingWindow, CompiledBook | undefined>>;
}

/** What decides in one window: within the auction's limit, or after it. */
interface CompiledBook {
  readonly rules: readonly CompiledRule[];
  readonly limits: (facts: Facts) => TableAnswer<Limits>;
  readonly limitsTable: string | undefined;
  readonly prices: (facts: Facts) => TableAnswer<readonly PriceBand[]>;
  readonly priceTable: PriceTable;
}

/**
 * Compiles a policy to closures.
 * @throws AssertionError when a list kept outside the document is not given.
 */
export function compilePolicy(policy: Policy, externalLists: ExternalLists = new Map()): CompiledPolicy {
  const inline = inlineLists(policy);
  const sets: NamedSets = new Map(
    policy.lists.map((list) => [list.name, namedSet(list, inline.get(list.name), externalLists)]),
  );
  const late = policy.late_bidding;
  return {
    hash: policyHash(policy, externalLists),
    policy,
    books: {
      on_time: compileBook(policy, policy.limits, policy.pricing.table, sets, inline),
      late: late.enabled ? compileBook(policy, late.limits, late.table, sets, inline) : undefined,
    },
  };
}

function namedSet(
  { name, label }: { readonly name: string; readonly label: string },
  entries: readonly string[] | undefined,
  externalLists: ExternalLists,
): NamedSet {
  if (entries !== undefined) {
    const members = new Set(entries);
    return { label, has: (value) => members.has(value) };
  }
  const external = externalLists.get(name);
  assert(external !== undefined, `list ${name} is kept outside the policy and was not given`);
  return { label, has: (value) => external.has(value) };
}

function compileBook(
  policy: Policy,
  limits: PolicyDocument['limits'],
  priceTableId: string,
  sets: NamedSets,
  lists: InlineLists,
): CompiledBook {
  const priceTable = policy.tables.filter(isPriceTable).find(({ id }) => id === priceTableId);
  const limitsTable = policy.tables.filter(isLimitsTable).find(({ id }) => id === limits.table);
  assert(priceTable !== undefined, `no price table ${priceTableId}`);
  return {
    rules: [marginRule(limits.minimum_margin), ...policy.rules].map((rule) => compileRule(rule, sets)),
    limits: compileLimits(limits, limitsTable, lists),
    limitsTable: limitsTable?.id,
    prices: compilePrices(priceTable, policy.pricing, limits.installments, lists),
    priceTable,
  };
}

/** The section's minimum margin as one more rule, so that it is reported like any other. */
function marginRule(minimum: string): Rule {
  return {
    id: 'limits.minimum_margin',
    code: MARGIN_BELOW_MINIMUM,
    sentence: 'A margem consignável é {observed}; a política exige {required}.',
    require: { field: 'margin', op: 'gte', value: minimum },
    severity: 'decline',
    on_missing: 'decline',
  };
}

/**
 * Evaluates every rule of a stage that is in force on a day: none is skipped because another declined.
 * In the late window of a policy that does not bid late there is nothing to pass: one verdict declines.
 * Whatever this throws is no bid; the caller reports it.
 */
export function evaluateRules(
  compiled: CompiledPolicy,
  stage: Stage,
  facts: Facts,
  on: CalendarDate,
  window: BiddingWindow = 'on_time',
): readonly RuleVerdict[] {
  const book = compiled.books[window];
  if (book === undefined) return [LATE_OFF_VERDICT];
  return book.rules
    .filter((rule) => rule.stage === stage && rule.inForce(on))
    .map((rule) => rule.evaluate(facts));
}

const LATE_OFF_VERDICT: RuleVerdict = {
  ruleId: 'late_bidding.enabled',
  code: LATE_BIDDING_OFF,
  result: 'decline',
  message: 'O limite do leilão passou e a política não faz ofertas depois dele.',
  observed: 'depois do limite',
  required: 'antes do limite',
  missing: [],
};

/** What a table answered, with the words for the decision when it answered nothing. */
export type TableResult<T> =
  | { readonly kind: 'match'; readonly table: string | undefined; readonly value: T }
  | { readonly kind: 'none'; readonly table: string | undefined; readonly reasons: readonly Reason[] };

/** The prices open to a request, as bands over amount and term; no band is no bid, never a default price. */
export function priceRows(
  compiled: CompiledPolicy,
  facts: Facts,
  window: BiddingWindow = 'on_time',
): TableResult<readonly PriceBand[]> {
  const book = compiled.books[window];
  if (book === undefined) return lateOff();
  const { id, no_match: noMatch } = book.priceTable;
  return explain(book.prices(facts), id, noMatch.code, noMatch.sentence);
}

/** The amounts and terms open to a request. */
export function limitsFor(
  compiled: CompiledPolicy,
  facts: Facts,
  window: BiddingWindow = 'on_time',
): TableResult<Limits> {
  const book = compiled.books[window];
  if (book === undefined) return lateOff();
  const table = compiled.policy.tables.find(({ id }) => id === book.limitsTable);
  const noMatch = table?.no_match;
  return explain(book.limits(facts), book.limitsTable, noMatch?.code ?? '', noMatch?.sentence ?? '');
}

function lateOff(): TableResult<never> {
  const { code, message, ruleId, observed, required } = LATE_OFF_VERDICT;
  const reason = { code, message: message ?? code, severity: 'decline' as const, ruleId, observed, required };
  return { kind: 'none', table: undefined, reasons: [reason] };
}

function explain<T>(
  answer: TableAnswer<T>,
  table: string | undefined,
  code: string,
  message: string,
): TableResult<T> {
  if (answer.kind === 'match') return { ...answer, table };
  const reasons =
    answer.kind === 'indeterminate'
      ? answer.missing.map(missingReason)
      : [
          {
            code,
            message,
            severity: 'decline' as const,
            ruleId: table,
            observed: undefined,
            required: undefined,
          },
        ];
  return { kind: 'none', table, reasons };
}
