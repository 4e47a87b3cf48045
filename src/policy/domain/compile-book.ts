import { assert, type CalendarDate } from '../../kernel';
import {
  isEligibilityTable,
  isLimitsTable,
  isPriceTable,
  type PolicyDocument,
  type ProductSection,
  type Rule,
  type Table,
} from './document';
import { compileEligibility } from './eligibility-table';
import type { Facts, Stage } from './fields';
import type { InlineLists } from './grid';
import { compileLimits, type Limits } from './limits';
import type { TableResult } from './match-table';
import type { Policy } from './policy';
import { compilePrices, readFee, type PriceBand, type PriceRebate } from './price-table';
import type { DirectProduct } from './product';
import { MARGIN_BELOW_MINIMUM, SNAPSHOT_TOO_OLD, type CompiledRule, type RuleVerdict } from './rule';
import type { Ranges } from './sections';

/** What compiling takes besides the part that is compiled. */
export interface Means {
  readonly compile: (rule: Rule) => CompiledRule;
  /** Those of the document. */
  readonly lists: InlineLists;
}

/** Whether anything may be offered, and within which limits. */
interface CompiledTerms {
  readonly rules: Readonly<Record<Stage, readonly CompiledRule[]>>;
  readonly limits: (facts: Facts) => TableResult<Limits>;
}

type Prices = (facts: Facts) => TableResult<readonly PriceBand[]>;

/** What decides in one window: within the auction's limit, or after it. */
export interface CompiledBook extends CompiledTerms {
  readonly prices: Prices;
}

/** One of the offers that are shown side by side. */
export interface CompiledFeeTable {
  readonly id: string;
  readonly label: string;
  readonly contractFees: readonly PriceRebate[];
  readonly prices: Prices;
}

/** What decides about a product without an auction. */
export interface CompiledProduct<P extends DirectProduct = DirectProduct> extends CompiledTerms {
  readonly section: ProductSection<P>;
  readonly feeTables: readonly CompiledFeeTable[];
}

/** @param priceTable the name of the table that prices this window. */
export function compileBook(
  policy: Policy,
  limits: PolicyDocument['limits'],
  priceTable: string,
  means: Means,
): CompiledBook {
  const own = [marginRule(limits.minimum_margin)];
  return {
    ...compileTerms(policy, limits, own, means),
    prices: compilePrices(tableNamed(policy, priceTable), policy.pricing, limits.installments, means.lists),
  };
}

/** Undefined when the policy has no section for the product. */
export function compileProduct<P extends DirectProduct>(
  product: P,
  policy: Policy,
  means: Means,
): CompiledProduct<P> | undefined {
  const section = policy.products?.[product] as ProductSection<P> | undefined;
  if (section === undefined) return undefined;
  const { limits, pricing, settings }: ProductSection = section;
  const own = [
    snapshotRule(settings.snapshot_max_age_hours),
    ...('minimum_margin' in limits ? [marginRule(limits.minimum_margin)] : []),
  ];
  return {
    section,
    ...compileTerms(section, limits, own, means),
    feeTables: pricing.fee_tables.map(({ id, label, table, contract_fees, rebates }) => ({
      id,
      label,
      contractFees: contract_fees.map(readFee),
      prices: compilePrices(
        tableNamed(section, table),
        { rebates, days_to_expiration: pricing.days_to_expiration },
        limits.installments,
        means.lists,
      ),
    })),
  };
}

interface Deciding {
  readonly rules: readonly Rule[];
  readonly tables: readonly Table[];
}

/** @param own the rules that a section's settings amount to, so that they are reported like any other. */
function compileTerms(
  { rules, tables }: Deciding,
  limits: Ranges,
  own: readonly Rule[],
  { compile, lists }: Means,
): CompiledTerms {
  const all = [
    ...[...own, ...rules].map(compile),
    ...tables.filter(isEligibilityTable).map((table) => compileEligibility(table, lists)),
  ];
  const limitsTable = tables.filter(isLimitsTable).find(({ id }) => id === limits.table);
  return {
    rules: {
      request: all.filter(({ stage }) => stage === 'request'),
      offer: all.filter(({ stage }) => stage === 'offer'),
    },
    limits: compileLimits(limits, limitsTable, lists),
  };
}

function tableNamed({ tables }: Pick<Deciding, 'tables'>, name: string) {
  const table = tables.filter(isPriceTable).find(({ id }) => id === name);
  assert(table !== undefined, `no price table ${name}`);
  return table;
}

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

function snapshotRule(hours: number): Rule {
  return {
    id: 'settings.snapshot_max_age_hours',
    code: SNAPSHOT_TOO_OLD,
    sentence: 'A consulta de saldo tem {observed}; a política aceita {required}. Consulte de novo.',
    require: { field: 'reference_age_hours', op: 'lte', value: hours },
    severity: 'decline',
    on_missing: 'decline',
  };
}

/** The verdict of every rule in force on a day: none is skipped because another declined. */
export function verdictsOn(
  rules: readonly CompiledRule[],
  facts: Facts,
  on: CalendarDate,
): readonly RuleVerdict[] {
  const verdicts: RuleVerdict[] = [];
  for (const rule of rules) if (rule.inForce(on)) verdicts.push(rule.evaluate(facts));
  return verdicts;
}
