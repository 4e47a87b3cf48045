import { shareDifference, wilsonInterval, type Interval } from '../domain';
import { Decimal } from '../../kernel';
import { MEASURES, type Figure, type MeasureName } from './measures';
import type { Pivot, PivotRow } from './pivot.service';

/** A figure of one side, of the other, and how far the first is above the second. */
export interface ComparedFigure {
  readonly a: Figure;
  readonly b: Figure;
  /** In the figure's own unit; null where one side has none. */
  readonly difference: string | null;
  /** Of a difference of shares, with 95 % confidence. */
  readonly low: number | null;
  readonly high: number | null;
  /** Of a share: whether the interval leaves nought out. Null where there is no interval. */
  readonly differs: boolean | null;
}

interface ComparedRow {
  readonly keys: readonly (string | null)[];
  readonly figures: readonly ComparedFigure[];
}

export interface Comparison {
  readonly rows: readonly ComparedRow[];
  readonly rowTotals: readonly ComparedRow[];
  readonly columnTotals: readonly ComparedRow[];
  readonly total: readonly ComparedFigure[];
}

/** Two looks at the facts side by side, group by group: what only one side has stands beside nothing. */
export function compare(measures: readonly MeasureName[], a: Pivot, b: Pivot): Comparison {
  return {
    rows: besideEachOther(measures, a.rows, b.rows),
    rowTotals: besideEachOther(measures, a.rowTotals, b.rowTotals),
    columnTotals: besideEachOther(measures, a.columnTotals, b.columnTotals),
    total: comparedFigures(measures, a.total, b.total),
  };
}

function besideEachOther(
  measures: readonly MeasureName[],
  a: readonly PivotRow[],
  b: readonly PivotRow[],
): readonly ComparedRow[] {
  const keyOf = ({ keys }: PivotRow): string => JSON.stringify(keys);
  const others = new Map(b.map((row) => [keyOf(row), row]));
  const mine = new Set(a.map(keyOf));
  return [
    ...a.map((row) => ({
      keys: row.keys,
      figures: comparedFigures(measures, row.figures, others.get(keyOf(row))?.figures ?? []),
    })),
    ...b
      .filter((row) => !mine.has(keyOf(row)))
      .map(({ keys, figures }) => ({ keys, figures: comparedFigures(measures, [], figures) })),
  ];
}

function comparedFigures(
  measures: readonly MeasureName[],
  a: readonly Figure[],
  b: readonly Figure[],
): ComparedFigure[] {
  return measures.map((name, at) => comparedFigure(name, a[at], b[at]));
}

const NOTHING: Figure = { value: null, sample: 0, low: null, high: null };

function comparedFigure(name: MeasureName, a = NOTHING, b = NOTHING): ComparedFigure {
  const difference =
    a.value === null || b.value === null ? null : new Decimal(a.value).minus(b.value).toFixed();
  const interval = MEASURES[name].kind === 'share' ? intervalBetween(a, b) : undefined;
  return {
    a,
    b,
    difference,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    differs: interval === undefined ? null : interval.low > 0 || interval.high < 0,
  };
}

function intervalBetween(a: Figure, b: Figure): Interval | undefined {
  const [one, other] = [a, b].map(({ value, sample }) =>
    value === null ? undefined : wilsonInterval(Math.round(Number(value) * sample), sample),
  );
  return one === undefined || other === undefined ? undefined : shareDifference(one, other);
}
