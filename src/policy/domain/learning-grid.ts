import { CENT, Decimal } from '../../kernel';
import { isLossTable, isPriceTable, type LossTable, type PolicyDocument, type PriceTable } from './document';
import type { Scalar } from './display';
import type { Facts, FieldName } from './fields';
import { cellsIn, gridOf, type Axis, type Grid, type InlineLists } from './grid';
import { OFFER_COLUMNS, type PriceBand } from './price-table';
import { factReader } from './read-fact';
import { scalarOf } from './scalars';

export type Mandate = NonNullable<PolicyDocument['learning']>;

/** A part of a price band that lies in one cell. */
export interface CellBand {
  readonly band: PriceBand;
  readonly cell: number;
}

/** The grid of the prices, with what else tells cells apart laid over it. */
export interface LearningGrid {
  readonly table: PriceTable;
  readonly losses: readonly { readonly table: LossTable; readonly from: number }[];
  readonly grid: Grid;
  /** The bands that some row of prices covers, as cells of the axis. */
  readonly axes: readonly { readonly axis: Axis; readonly bands: readonly number[] }[];
}

/** The columns that tell cells apart: those of the price table, and the features it does not have. */
export function learningColumns(
  { pricing, tables }: PolicyDocument,
  { features }: Mandate,
): readonly FieldName[] {
  const table = tables.filter(isPriceTable).find(({ id }) => id === pricing.table);
  return [...new Set([...(table?.columns ?? []), ...features.map(({ column }) => column)])];
}

export function learningGrid(policy: PolicyDocument, mandate: Mandate, lists: InlineLists): LearningGrid {
  const [table] = policy.tables.filter(isPriceTable).filter(({ id }) => id === policy.pricing.table);
  if (table === undefined) throw new Error(`no price table ${policy.pricing.table}`);
  const columns = learningColumns(policy, mandate);
  // Loss rows are laid over the prices: a cell is in one row of each.
  const asked = new Set(policy.economics?.inputs.map(({ losses }) => losses));
  const tables = policy.tables.filter(isLossTable).filter(({ id }) => asked.has(id));
  const rows = [...table.rows, ...tables.flatMap((each) => each.rows)];
  const grid = gridOf({ columns, rows }, lists, cutsOf(policy, mandate));
  let from = table.rows.length;
  const losses = tables.map((each) => {
    const at = from;
    from += each.rows.length;
    return { table: each, from: at };
  });
  const axes = grid.axes.map((axis, at) => ({
    axis,
    bands: cellsIn(
      grid.rows.slice(0, table.rows.length).reduce((all, row) => all | (row[at] ?? 0n), 0n),
    ).filter((band) => isOffered(policy, axis, band)),
  }));
  return { table, losses, grid, axes };
}

function cutsOf(
  { limits }: PolicyDocument,
  { features }: Mandate,
): ReadonlyMap<FieldName, readonly Scalar[]> {
  const cuts = new Map<FieldName, readonly Scalar[]>(
    features.map(({ column, cuts: named }) => [column, named.map((cut) => scalarOf(column, cut))]),
  );
  const add = (column: FieldName, ...more: readonly Scalar[]): void => {
    cuts.set(column, [...(cuts.get(column) ?? []), ...more]);
  };
  const { amount, installments } = limits;
  add('offered_amount', new Decimal(amount.minimum), new Decimal(amount.maximum).plus(CENT));
  add('offered_installments', installments.minimum, installments.maximum + 1);
  return cuts;
}

/** Whether the limits let anything be offered there. */
function isOffered({ limits }: PolicyDocument, axis: Axis, band: number): boolean {
  if (axis.column !== 'offered_amount' && axis.column !== 'offered_installments') return true;
  const { amount, installments } = limits;
  const [least, most] =
    axis.column === 'offered_amount'
      ? [new Decimal(amount.minimum), new Decimal(amount.maximum)]
      : [installments.minimum, installments.maximum];
  return axis.cellOf(least) <= band && band <= axis.cellOf(most);
}

/** Cuts a request's bands at the cells' ends: what the borrower is says one band of each axis, what is offered leaves some open. */
export function bandSplitter({
  axes,
}: LearningGrid): (facts: Facts, bands: readonly PriceBand[]) => readonly CellBand[] {
  const readers = axes.map(({ axis }) =>
    OFFER_COLUMNS.has(axis.column) ? undefined : factReader(axis.column),
  );
  const kept = new WeakMap<readonly PriceBand[], Map<string, readonly CellBand[]>>();
  return (facts, bands) => {
    const known = axes.map(({ axis, bands: own }, at) => {
      const read = readers[at];
      if (read === undefined) return undefined;
      const value = read(facts);
      return value === undefined ? -1 : own.indexOf(axis.cellOf(value));
    });
    if (known.some((band) => band === -1)) return [];
    // The same bands are cut alike: pricing keeps what it worked out for each by its identity.
    const key = known.join();
    const byKey = kept.get(bands) ?? new Map<string, readonly CellBand[]>();
    kept.set(bands, byKey);
    const before = byKey.get(key);
    if (before !== undefined) return before;
    const open = combinations(
      axes.map(({ bands: own }, at) => (known[at] === undefined ? own.map((_, i) => i) : [known[at]])),
    );
    const parts = bands.flatMap((band) => open.flatMap((places) => partIn(band, axes, places)));
    byKey.set(key, parts);
    return parts;
  };
}

function partIn(band: PriceBand, axes: LearningGrid['axes'], places: readonly number[]): readonly CellBand[] {
  let { amount, installments } = band;
  let cell = 0;
  for (const [at, { axis, bands }] of axes.entries()) {
    const place = places[at] ?? 0;
    cell = cell * bands.length + place;
    const { from, below } = axis.boundsOf(bands[place] ?? 0);
    if (axis.column === 'offered_amount') {
      const min = Decimal.isDecimal(from) && from.gt(amount.min) ? from : amount.min;
      const end =
        Decimal.isDecimal(below) && (amount.below === undefined || below.lt(amount.below))
          ? below
          : amount.below;
      if (end !== undefined && min.gte(end)) return [];
      amount = { min, below: end };
    } else if (axis.column === 'offered_installments') {
      const min = typeof from === 'number' ? Math.max(from, installments.min) : installments.min;
      const max = typeof below === 'number' ? Math.min(below - 1, installments.max) : installments.max;
      if (min > max) return [];
      installments = { min, max };
    }
  }
  return [{ band: { ...band, amount, installments }, cell }];
}

/** Every way to take one of each, the last fastest. */
export function combinations(lists: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return lists.reduce<readonly (readonly number[])[]>(
    (all, list) => all.flatMap((before) => list.map((item) => [...before, item])),
    [[]],
  );
}

/** More would be too many to learn of, or to read. */
export const MOST_LEARNING_CELLS = 400;

export function cellsOf({ axes }: LearningGrid): number {
  return axes.reduce((product, { bands }) => product * bands.length, 1);
}
