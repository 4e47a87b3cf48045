import type { SubjectName } from './subjects';
import type { SubjectFigures } from './figures';

interface Goal {
  readonly goal: string;
  readonly wanted: string;
  readonly got: string;
  readonly verdict: string;
}

type Figures = Readonly<Partial<Record<SubjectName, SubjectFigures>>>;

/** What was to be reached, beside what was. A goal whose peer was not run is left out. */
export function goalsOf({ arremate, usual, grouped }: Figures): readonly Goal[] {
  if (arremate === undefined) return [];
  const { each, burst, soak } = arremate;
  return [
    ...(usual ? [atLeast('auctions/s, times the usual way', 8, arremate.sustained / usual.sustained)] : []),
    ...(grouped
      ? [
          atLeast('auctions/s, times grouped bare', 0.35, arremate.sustained / grouped.sustained),
          atLeast(
            'acknowledgements/s, times grouped bare',
            0.75,
            arremate.acknowledged / grouped.acknowledged,
          ),
        ]
      : []),
    ...(usual ? [atMost('p99 at half, times the usual way', 0.15, arremate.half.p99 / usual.half.p99)] : []),
    atMost('p50 at 25/s, ms', 10, arremate.slow.p50),
    atMost('statements an auction', 2, each.statements),
    atMost('fsyncs an auction', 0.7, each.fsyncs),
    atMost('WAL an auction, kB', 6, each.walBytes / 1_000),
    atMost('CPU an auction, ms', 2.5, each.serviceCpuMs + each.postgresCpuMs),
    atMost('statements a second, idle', 10, arremate.idleStatements),
    atMost('burst: lost', 0, burst.lost),
    ...(soak ? [atMost('memory slope, MB an hour', 20, soak.mbAnHour)] : []),
  ];
}

function atLeast(goal: string, wanted: number, got: number): Goal {
  const verdict = got >= wanted ? 'met' : `short by ${(100 * (1 - got / wanted)).toFixed(0)} %`;
  return { goal, wanted: `>= ${wanted}`, got: got.toFixed(2), verdict };
}

function atMost(goal: string, wanted: number, got: number): Goal {
  const beyond = wanted === 0 ? `by ${got}` : `by ${(100 * (got / wanted - 1)).toFixed(0)} %`;
  return {
    goal,
    wanted: `<= ${wanted}`,
    got: got.toFixed(2),
    verdict: got <= wanted ? 'met' : `short ${beyond}`,
  };
}
