import { HOUR_MS } from '../../kernel';

/** What is heard so often that its silence says something. */
export const HEARD = ['webhooks', 'wins', 'signatures'] as const;
export type Heard = (typeof HEARD)[number];

/** How many came in each whole hour; an hour by its number since 1970. */
export type HourlyCounts = ReadonlyMap<number, number>;

/** The same hour of so many weeks before says what is usual. */
export const WEEKS_LEARNT = 4;
const HOURS_A_WEEK = 168;
/** Whoever is silent for longer is expected to have said what comes in so long. */
const HOURS_MAX = 7 * 24;

export const hourOf = (at: Date): number => Math.floor(at.getTime() / HOUR_MS);

/**
 * How many would have come between two moments, by the same hours of the weeks before.
 * @returns undefined when one of these hours is of before all history: then nobody knows
 */
export function usualBetween(from: Date, to: Date, counts: HourlyCounts): number | undefined {
  const first = Math.max(hourOf(from), hourOf(to) - HOURS_MAX);
  let total = 0;
  for (let hour = first; hour <= hourOf(to); hour += 1) {
    const usual = usualIn(hour, counts);
    if (usual === undefined) return undefined;
    const [begin, end] = [hour * HOUR_MS, (hour + 1) * HOUR_MS];
    const share = (Math.min(end, to.getTime()) - Math.max(begin, from.getTime())) / HOUR_MS;
    total += usual * Math.max(0, share);
  }
  return total;
}

function usualIn(hour: number, counts: HourlyCounts): number | undefined {
  const known = Array.from({ length: WEEKS_LEARNT }, (_, week) =>
    counts.get(hour - (week + 1) * HOURS_A_WEEK),
  ).filter((count) => count !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, count) => sum + count, 0) / known.length;
}
