import type { Figures, Growth, Spread } from './measure';
import type { SubjectName } from './subjects';

export interface Goal {
  readonly goal: string;
  readonly wanted: string;
  readonly measured: string;
  readonly verdict: string;
}

type AllFigures = Readonly<Partial<Record<SubjectName, Figures>>>;

/** Issue 12's goals that can be told from what was measured. */
export function goals(
  { usual, grouped, arremate: ours }: AllFigures,
  growth: Growth | undefined,
  spread: Spread | undefined,
): readonly Goal[] {
  if (ours === undefined) return [];
  const each = ours.perAuction;
  const lost = ours.burst.pushed - ours.burst.inTime;
  return [
    usual && atLeast('sustained, times the usual way', ours.sustained / usual.sustained, 8),
    grouped && atLeast('sustained, times the group-committed', ours.sustained / grouped.sustained, 0.35),
    usual &&
      Number.isFinite(usual.atHalf.p99) &&
      atMost("p99 at half, times the usual way's", ours.atHalf.p99 / usual.atHalf.p99, 0.15),
    atMost('p50 at 25/s, ms', ours.at25.p50, 10),
    grouped &&
      atLeast(
        'acknowledgements, times the group-committed',
        ours.acknowledgementsPerSecond / grouped.acknowledgementsPerSecond,
        0.75,
      ),
    atMost('statements an auction', each.statements, 2),
    atMost('fsyncs an auction', each.fsyncs, 0.7),
    atMost('WAL an auction, kB', each.walBytes / 1_000, 6),
    atMost('CPU an auction, service + PostgreSQL, ms', each.serviceCpuMs + each.postgresCpuMs, 2.5),
    atMost('statements a second, idle', ours.idleStatementsPerSecond, 10),
    atMost(`lost in a burst of ${ours.burst.pushed}`, lost, 0),
    atMost('auctions bid on more than once', ours.repeated + (spread?.repeated ?? 0), 0),
    growth &&
      atLeast(
        `sustained with ${growth.stored} stored, times without`,
        growth.sustained / ours.sustained,
        0.85,
      ),
  ].filter((goal) => goal !== undefined && goal !== false);
}

function atLeast(goal: string, measured: number, wanted: number): Goal {
  return told(goal, '>=', wanted, measured, measured >= wanted);
}

function atMost(goal: string, measured: number, wanted: number): Goal {
  return told(goal, '<=', wanted, measured, measured <= wanted);
}

function told(goal: string, sign: string, wanted: number, measured: number, isMet: boolean): Goal {
  const missed = Number.isFinite(measured)
    ? `short by ${short(Math.abs(wanted - measured))}`
    : 'not measured';
  // A peer that could do nothing proves nothing.
  const verdict = isMet && Number.isFinite(measured) ? 'met' : missed;
  return { goal, wanted: `${sign} ${wanted}`, measured: short(measured), verdict };
}

/** Three digits, or all of a whole number. */
function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
