import { shareDifference, wilsonInterval, type Interval } from '../domain';
import { Decimal } from '../../kernel';
import { MEASURES, type Figure, type MeasureName } from './measures';
import type { Pivot } from './pivot.service';

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

export interface Comparison {
  readonly rows: readonly {
    readonly keys: readonly (string | null)[];
    readonly figures: readonly ComparedFigure[];
  }[];
  readonly total: readonly ComparedFigure[];
}

/** Two looks at the facts side by side, group by group: what only one side has stands beside nothing. */
export function compare(measures: readonly MeasureName[], a: Pivot, b: Pivot): Comparison {
  const none = measures.map((): Figure => ({ value: null, sample: 0, low: null, high: null }));
  const keyOf = (keys: readonly (string | null)[]): string => JSON.stringify(keys);
  const others = new Map(b.rows.map((row) => [keyOf(row.keys), row]));
  const mine = new Set(a.rows.map((row) => keyOf(row.keys)));
  const side = (x: readonly Figure[], y: readonly Figure[]): ComparedFigure[] =>
    measures.map((name, at) => comparedFigure(name, x[at], y[at]));
  return {
    rows: [
      ...a.rows.map(({ keys, figures }) => ({
        keys,
        figures: side(figures, others.get(keyOf(keys))?.figures ?? none),
      })),
      ...b.rows
        .filter(({ keys }) => !mine.has(keyOf(keys)))
        .map(({ keys, figures }) => ({ keys, figures: side(none, figures) })),
    ],
    total: side(a.total, b.total),
  };
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
