import { CENT, Decimal, flatMapInSteps, type CalendarDate, type Steps } from '../../kernel';
import { inlineLists, isLossTable, isPriceTable, type PolicyDocument, type PriceTable } from './document';
import type { CompiledEconomics, EconomicInputs } from './economics';
import type { FieldName } from './fields';
import { cellsIn, Effort, gridOf, intersect, without, type Axis, type Region } from './grid';
import type { Span } from './learning';
import { readFee, type PriceBand } from './price-table';

/** What the loans of a part of a row of prices have in common: enough to work out what one costs. */
export interface PricedLoans {
  readonly table: string;
  readonly row: string;
  readonly monthlyInterestRate: Decimal;
  readonly rebates: PriceBand['rebates'];
  readonly amount: Span<Decimal>;
  readonly installments: Span<number>;
  /** Of the table of expected losses. */
  readonly lossRow: string;
  readonly inputs: EconomicInputs;
}

type Section = Pick<PolicyDocument, 'tables' | 'lists' | 'limits' | 'pricing' | 'economics'>;

/** What the rows of prices are made of. */
export interface PricedRows {
  readonly loans: readonly PricedLoans[];
  /** False when segments are so irregular that rows were left out. */
  readonly isWhole: boolean;
}

/**
 * The rows of prices, each taken apart by the segments of expected loss that it has a part in, on one day. What no segment is
 * for, and what the limits let nobody be offered, is left out.
 */
export function* pricedLoans(
  policy: Section,
  economics: CompiledEconomics,
  on: CalendarDate,
): Steps<PricedRows> {
  const entry = policy.economics?.inputs.findLast(({ from }) => from <= on);
  const losses = policy.tables.filter(isLossTable).find(({ id }) => id === entry?.losses);
  if (entry === undefined || losses === undefined) return { loans: [], isWhole: true };
  const effort = new Effort();
  let isWhole = true;
  const loans = yield* flatMapInSteps(policy.tables.filter(isPriceTable), (table) => {
    const columns = [...new Set<FieldName>([...table.columns, ...losses.columns])];
    const { axes, rows } = gridOf({ columns, rows: [...table.rows, ...losses.rows] }, inlineLists(policy));
    const segments = losses.rows.map(({ id }, at) => ({ id, region: rows[table.rows.length + at] ?? [] }));
    return flatMapInSteps(table.rows, function* (row, at) {
      yield;
      const parts = yield* partsIn(rows[at] ?? [], segments, effort);
      isWhole &&= parts !== undefined;
      return (parts ?? []).flatMap(({ id, regions }): readonly PricedLoans[] => {
        const inputs = economics.at({ from: entry.from, row: id });
        const spans = spansOf(policy, axes, regions);
        if (inputs === undefined || spans === undefined) return [];
        return [{ ...priceOf(policy, table, row), ...spans, lossRow: id, inputs }];
      });
    });
  });
  return { loans, isWhole };
}

interface Segment {
  readonly id: string;
  readonly region: Region;
}

interface Part {
  readonly id: string;
  readonly regions: readonly Region[];
}

/** A row of prices by the segments, each less what those before it take; undefined when the effort ends before. */
function* partsIn(
  row: Region,
  segments: readonly Segment[],
  effort: Effort,
): Steps<readonly Part[] | undefined> {
  let left: readonly Region[] = [row];
  const parts: Part[] = [];
  for (const { id, region } of segments) {
    const regions = left.map((part) => intersect(part, region)).filter((part) => part !== undefined);
    if (regions.length > 0) parts.push({ id, regions });
    const rest: Region[] = [];
    for (const part of left) {
      const pieces = yield* without(part, [region], effort);
      if (pieces === undefined) return undefined;
      rest.push(...pieces);
    }
    left = rest;
  }
  return parts;
}

function priceOf({ pricing }: Section, table: PriceTable, { id, then }: PriceTable['rows'][number]) {
  return {
    table: table.id,
    row: id,
    monthlyInterestRate: new Decimal(then.monthly_interest_rate),
    rebates: (then.rebates ?? pricing.rebates).map(readFee),
  };
}

/** Amounts and terms within the limits; undefined where these leave none. */
function spansOf(
  { limits }: Section,
  axes: readonly Axis[],
  regions: readonly Region[],
): Pick<PricedLoans, 'amount' | 'installments'> | undefined {
  const boundsOn = (column: FieldName) => {
    const at = axes.findIndex((axis) => axis.column === column);
    const cells = cellsIn(regions.reduce((all, region) => all | (region[at] ?? 0n), 0n));
    const [first, last] = [cells[0], cells.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    return { from: axes[at]?.boundsOf(first).from, below: axes[at]?.boundsOf(last).below };
  };
  const [sum, term] = [boundsOn('offered_amount'), boundsOn('offered_installments')];
  const [least, most] = [new Decimal(limits.amount.minimum), new Decimal(limits.amount.maximum)];
  const amount = {
    min: Decimal.isDecimal(sum?.from) ? Decimal.max(sum.from, least) : least,
    max: Decimal.isDecimal(sum?.below) ? Decimal.min(sum.below.minus(CENT), most) : most,
  };
  const { minimum, maximum } = limits.installments;
  const installments = {
    min: typeof term?.from === 'number' ? Math.max(term.from, minimum) : minimum,
    max: typeof term?.below === 'number' ? Math.min(term.below - 1, maximum) : maximum,
  };
  const isOffered = amount.min.lte(amount.max) && installments.min <= installments.max;
  return isOffered ? { amount, installments } : undefined;
}
