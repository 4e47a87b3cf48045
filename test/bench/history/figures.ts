import { writeFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { compare } from '../../../src/history/explore/comparison';
import type { DimensionName } from '../../../src/history/explore/dimensions';
import type { MeasureName } from '../../../src/history/explore/measures';
import { Pivots } from '../../../src/history/explore/pivot.service';
import { selection } from '../../../src/history/explore/selection';
import { winCurveQuery } from '../../../src/history/rates/win-curve.dto';
import { WinCurves } from '../../../src/history/rates/win-curves.service';
import { resultsQuery } from '../../../src/history/results/results.dto';
import { Results } from '../../../src/history/results/results.service';
import { count, print, ROUNDS, timed, type Figures } from './timing';

/** For figures at a million auctions. */
const FIGURES_GOAL_MS = 500;
const WEEK = ['2026-07-06', '2026-07-12', '2026-06-29', '2026-07-05'] as const;
const HALF = ['2026-07-30', '2026-10-27', '2026-05-01', '2026-07-29'] as const;

/** Everything there is, and what people ask of less. */
export async function measureFigures(dataSource: DataSource, auctions: number): Promise<void> {
  const pivots = new Pivots(dataSource);
  const results = new Results(pivots);
  const curves = new WinCurves(pivots);
  const pivot = (by: DimensionName[], measures: MeasureName[], from?: string, to?: string) =>
    pivots.of({ by, measures, selection: selection.parse({ from, to }) });
  const compared = async (
    [from, to, otherFrom, otherTo]: readonly [string, string, string, string],
    by: DimensionName[],
  ) => {
    const measures: MeasureName[] = [
      'requests',
      'bids',
      'win_rate',
      'mean_rate',
      'won_amount',
      'realised_margin',
    ];
    const [a, b] = await Promise.all([
      pivot(by, measures, from, to),
      pivot(by, measures, otherFrom, otherTo),
    ]);
    return compare(measures, a, b);
  };
  const asked: Readonly<Record<string, () => Promise<unknown>>> = {
    'results of a month, by day': () =>
      results.of(resultsQuery.parse({ by: 'day', from: '2026-07-01', to: '2026-07-31' })),
    'results of everything, by policy': () => results.of(resultsQuery.parse({ by: 'policy' })),
    'results of everything, by segment': () => results.of(resultsQuery.parse({ by: 'segment' })),
    'win curve of everything': () => curves.of(winCurveQuery.parse({})),
    'win curve of everything, by term': () => curves.of(winCurveQuery.parse({ by: 'term' })),
    'week with week': () => compared(WEEK, []),
    'week with week, by rate': () => compared(WEEK, ['rate']),
    'half with half': () => compared(HALF, []),
    'half with half, by rate': () => compared(HALF, ['rate']),
    'pivot of a month, rate by term': () => pivot(['rate', 'term'], ['win_rate'], '2026-07-01', '2026-07-31'),
    'pivot of everything, rate by term': () => pivot(['rate', 'term'], ['win_rate']),
    'pivot of everything, rate by hour (facts)': () => pivot(['rate', 'hour'], ['win_rate']),
    'pivot of everything, policy by hour': () => pivot(['policy', 'hour'], ['realised_margin']),
    'pivot of everything, day by status': () => pivot(['day', 'status'], ['requests']),
  };
  const slow: string[] = [];
  const rows: Figures[] = [];
  for (const [name, ask] of Object.entries(asked)) {
    const { figures } = await timed(ask, ROUNDS);
    rows.push({ search: name, rows: 0, ...figures });
    if (figures.p95 > FIGURES_GOAL_MS) slow.push(name);
  }
  print(rows);
  console.log(
    `Figures of ${count(auctions)} auctions: goal p95 ${String(FIGURES_GOAL_MS)} ms; over it: ${slow.join('; ') || 'none'}`,
  );
  writeFileSync(
    '.data/reports/history-figures.json',
    `${JSON.stringify({ auctions, rows, slow }, null, 2)}\n`,
  );
}
