import { assert, type CalendarDate } from '../../kernel';
import type { NamedSet, NamedSets } from './condition';
import {
  compileBook,
  compileProduct,
  verdictsOn,
  type CompiledBook,
  type CompiledProduct,
} from './compile-book';
import { inlineLists, type BiddingWindow, type Rule } from './document';
import { compileEconomics, type CompiledEconomics } from './economics';
import type { Facts, Stage } from './fields';
import { compileLearning, type CompiledLearning } from './learning';
import type { Limits } from './limits';
import type { TableResult } from './match-table';
import { policyHash, type Policy } from './policy';
import type { PriceBand } from './price-table';
import type { DirectProduct } from './product';
import { compileRule, LATE_BIDDING_OFF, reasonsOf, type RuleVerdict } from './rule';
import type { SharedRules } from './shared-rules';

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
  /** Those kept outside the document. */
  readonly lists: ExternalLists;
  readonly books: Readonly<Record<BiddingWindow, CompiledBook | undefined>>;
  /** What bids are worth; undefined when the policy does not say. */
  readonly economics: CompiledEconomics | undefined;
  /** Within what its rates may be learnt; undefined when they may not. */
  readonly learning: CompiledLearning | undefined;
  readonly products: { readonly [P in DirectProduct]: () => CompiledProduct<P> | undefined };
}

/** A policy and the name it goes by in the records. */
export interface PolicyVersion {
  readonly version: string;
  readonly compiled: CompiledPolicy;
}

/** What decides about a product without an auction; undefined when the policy does not speak of it. */
export function productPolicy<P extends DirectProduct>(
  compiled: CompiledPolicy,
  product: P,
): CompiledProduct<P> | undefined {
  return compiled.products[product]();
}

/** Made when it is first asked for: who decides auctions alone never pays for the other products. */
function onRequest<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/**
 * Compiles a policy to closures.
 * @param shared for policies that are held against each other.
 * @throws AssertionError when a list kept outside the document is not given.
 */
export function compilePolicy(
  policy: Policy,
  externalLists: ExternalLists = new Map(),
  shared?: SharedRules,
): CompiledPolicy {
  const inline = inlineLists(policy);
  const sets: NamedSets = new Map(
    policy.lists.map((list) => [list.name, namedSet(list, inline.get(list.name), externalLists)]),
  );
  const compile = shared?.compiler(policy, externalLists, sets) ?? ((rule: Rule) => compileRule(rule, sets));
  const means = { compile, lists: inline };
  const late = policy.late_bidding;
  const economics = compileEconomics(policy, inline);
  return {
    hash: policyHash(policy, externalLists),
    policy,
    lists: externalLists,
    books: {
      on_time: compileBook(policy, policy.limits, policy.pricing.table, means),
      late: late.enabled ? compileBook(policy, late.limits, late.table, means) : undefined,
    },
    economics,
    learning: compileLearning(policy, economics, inline),
    products: {
      fgts: onRequest(() => compileProduct('fgts', policy, means)),
      federal_payroll: onRequest(() => compileProduct('federal_payroll', policy, means)),
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
  return verdictsOn(book.rules[stage], facts, on);
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
const LATE_OFF = {
  kind: 'none',
  table: undefined,
  reasons: reasonsOf([LATE_OFF_VERDICT]),
  missing: [],
} as const;

/** The prices open to a request, as bands over amount and term; no band is no bid, never a default price. */
export function priceRows(
  compiled: CompiledPolicy,
  facts: Facts,
  window: BiddingWindow = 'on_time',
): TableResult<readonly PriceBand[]> {
  return compiled.books[window]?.prices(facts) ?? LATE_OFF;
}

/** The amounts and terms open to a request. */
export function limitsFor(
  compiled: CompiledPolicy,
  facts: Facts,
  window: BiddingWindow = 'on_time',
): TableResult<Limits> {
  return compiled.books[window]?.limits(facts) ?? LATE_OFF;
}
