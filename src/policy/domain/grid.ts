import type { Steps } from '../../kernel';
import { showRange, showScalar, type Scalar } from './display';
import { fieldDefinition, type FieldName } from './fields';
import type { Cell } from './operands';
import { compareScalars, scalarOf } from './scalars';

/** For each axis a set of elementary cells, one bit each. A row is such a region; so is any part of one. */
export type Region = readonly bigint[];

export interface Bounds {
  readonly from: Scalar | undefined;
  readonly below: Scalar | undefined;
}

/** One column, cut into elementary cells at every bound (or code) that some row names. */
export interface Axis {
  readonly column: FieldName;
  readonly cellCount: number;
  /** The cell that holds a value; -1 when none does. */
  readonly cellOf: (value: Scalar) => number;
  readonly maskOf: (cell: Cell) => bigint;
  /** First value inside and first value outside a cell of a ranged column; undefined: no bound. */
  readonly boundsOf: (cell: number) => Bounds;
  /** The cell in words, in Portuguese. */
  readonly wordsFor: (cell: number) => string;
}

/**
 * A table as a grid of elementary cells. All questions about rows (which match, do two overlap, is one hidden,
 * what do they leave open) become exact arithmetic on small sets of bits.
 */
export interface Grid {
  readonly axes: readonly Axis[];
  readonly rows: readonly Region[];
}

/** What a grid is made of; a column that a row does not name is any. */
export interface GridTable {
  readonly columns: readonly FieldName[];
  readonly rows: readonly { readonly when: Readonly<Record<string, Cell>> }[];
}

export type InlineLists = ReadonlyMap<string, readonly string[]>;

const bits = (from: number, below: number): bigint => ((1n << BigInt(below - from)) - 1n) << BigInt(from);

/** @param extraBounds further points to cut a column at, for questions about a given domain. */
export function gridOf(
  table: GridTable,
  lists: InlineLists,
  extraBounds: ReadonlyMap<FieldName, readonly Scalar[]> = new Map(),
): Grid {
  const axes = table.columns.map((column) => {
    const cells = table.rows.map((row) => row.when[column] ?? 'any');
    const { type } = fieldDefinition(column);
    return type === 'boolean' || type === 'code' || type === 'text'
      ? setAxis(column, cells, lists)
      : rangeAxis(column, cells, extraBounds.get(column) ?? []);
  });
  const rows = table.rows.map((row) => axes.map((axis) => axis.maskOf(row.when[axis.column] ?? 'any')));
  return { axes, rows };
}

function rangeAxis(column: FieldName, cells: readonly Cell[], extra: readonly Scalar[]): Axis {
  const named = cells.flatMap((cell) => (isRange(cell) ? [cell.from, cell.below] : []));
  const bounds = [...named.flatMap((json) => (json === undefined ? [] : [scalarOf(column, json)])), ...extra]
    .sort(compareScalars)
    .filter((bound, index, all) => index === 0 || compareScalars(bound, all[index - 1] ?? bound) !== 0);
  /** How many bounds lie at or below the value. */
  const cellOf = (value: Scalar): number => {
    let [low, high] = [0, bounds.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const bound = bounds[middle];
      if (bound !== undefined && compareScalars(bound, value) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const cellCount = bounds.length + 1;
  const maskOf = (cell: Cell): bigint => {
    if (!isRange(cell)) return bits(0, cellCount);
    const from = cell.from === undefined ? 0 : cellOf(scalarOf(column, cell.from));
    return bits(from, cell.below === undefined ? cellCount : cellOf(scalarOf(column, cell.below)));
  };
  const boundsOf = (cell: number): Bounds => ({ from: bounds[cell - 1], below: bounds[cell] });
  const wordsFor = (cell: number): string => showRange(column, bounds[cell - 1], bounds[cell]);
  return { column, cellCount, cellOf, maskOf, boundsOf, wordsFor };
}

function setAxis(column: FieldName, cells: readonly Cell[], lists: InlineLists): Axis {
  const { type, values } = fieldDefinition(column);
  const closed: readonly Scalar[] | undefined = type === 'boolean' ? [true, false] : values;
  const members = (cell: Cell): readonly Scalar[] => {
    if (cell === 'any' || isRange(cell)) return [];
    return 'list' in cell ? (lists.get(cell.list) ?? []) : cell;
  };
  const known = [...new Set<Scalar>(closed ?? cells.flatMap(members))];
  const places = new Map(known.map((value, index) => [value, index]));
  const others = closed === undefined ? known.length : -1; // the one cell of all codes that no row names
  const cellCount = known.length + (closed === undefined ? 1 : 0);
  return {
    column,
    cellCount,
    cellOf: (value) => places.get(value) ?? others,
    maskOf: (cell) => {
      if (cell === 'any') return bits(0, cellCount);
      // What is no value of the column is met by none: stored lists may hold such.
      const met = members(cell).flatMap((value) => places.get(value) ?? []);
      return met.reduce((mask, place) => mask | (1n << BigInt(place)), 0n);
    },
    boundsOf: () => ({ from: undefined, below: undefined }),
    wordsFor: (cell) => {
      const value = known[cell];
      return value === undefined ? 'outro valor' : showScalar(column, value);
    },
  };
}

function isRange(cell: Cell): cell is Exclude<Cell, 'any' | readonly unknown[] | { readonly list: string }> {
  return typeof cell === 'object' && !Array.isArray(cell) && !('list' in cell);
}

/** What two regions share; undefined when they share nothing. */
export function intersect(a: Region, b: Region): Region | undefined {
  const shared: bigint[] = [];
  for (const [axis, mask] of a.entries()) {
    const both = mask & (b[axis] ?? 0n);
    if (both === 0n) return undefined;
    shared.push(both);
  }
  return shared;
}

function meet(a: Region, b: Region): boolean {
  for (let axis = 0; axis < a.length; axis += 1) if (((a[axis] ?? 0n) & (b[axis] ?? 0n)) === 0n) return false;
  return true;
}

/** What is left of `a` without `b`, as regions that do not overlap. */
export function subtract(a: Region, b: Region): readonly Region[] {
  if (!meet(a, b)) return [a];
  const shared = a.map((mask, axis) => mask & (b[axis] ?? 0n));
  return a.flatMap((mask, axis) => {
    const left = mask & ~(shared[axis] ?? 0n);
    return left === 0n ? [] : [[...shared.slice(0, axis), left, ...a.slice(axis + 1)]];
  });
}

const MOST_COMPARED = 200_000;
/** Takes well under a millisecond, however many rows cut the columns. */
const COMPARED_AT_ONCE = 100;

/**
 * How often regions may still be held against each other before a question is given up. In an irregular table the pieces of
 * what is left double with every row, and whoever asks is on the thread that bids.
 */
export class Effort {
  constructor(private left = MOST_COMPARED) {}

  /** False when there is none left. */
  spend(): boolean {
    this.left -= 1;
    return this.left >= 0;
  }

  /** Whoever spends it ends a step here. */
  get isTurnOver(): boolean {
    return this.left % COMPARED_AT_ONCE === 0;
  }
}

/** What is left of a region without the rows, as regions that do not overlap; undefined when the effort ends before. */
export function* without(
  region: Region,
  rows: readonly Region[],
  effort: Effort,
): Steps<readonly Region[] | undefined> {
  let left: readonly Region[] = [region];
  for (const row of rows) {
    const pieces: Region[] = [];
    for (const piece of left) {
      if (!effort.spend()) return undefined;
      if (effort.isTurnOver) yield;
      pieces.push(...subtract(piece, row));
    }
    left = pieces;
  }
  return left;
}

/**
 * Whether the rows leave nothing of a region; undefined when the effort ends before. Each piece is followed to its end before
 * the next: where something is left, that is soon found.
 */
export function* isCovered(
  region: Region,
  rows: readonly Region[],
  effort: Effort,
): Steps<boolean | undefined> {
  const pieces = [{ left: region, from: 0 }];
  for (let piece = pieces.pop(); piece !== undefined; piece = pieces.pop()) {
    const { left, from } = piece;
    let [at, parts] = [from, [left] as readonly Region[]];
    while (at < rows.length && parts.length === 1 && parts[0] === left) {
      if (!effort.spend()) return undefined;
      if (effort.isTurnOver) yield;
      parts = subtract(left, rows[at] ?? []);
      at += 1;
    }
    if (parts[0] === left) return false;
    for (const part of parts.toReversed()) pieces.push({ left: part, from: at });
  }
  return true;
}

/** Cells of a mask, lowest first. */
export function cellsIn(mask: bigint): readonly number[] {
  const cells: number[] = [];
  for (let cell = 0, rest = mask; rest !== 0n; cell += 1, rest >>= 1n)
    if ((rest & 1n) === 1n) cells.push(cell);
  return cells;
}
