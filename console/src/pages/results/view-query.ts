import { today } from '../../format/format';
import { daysAfter, otherPeriod, type Period } from './period';
import { readExploreSearch, type ExploreSearch } from './search';
import type { Sides } from './use-comparison';

/** Lengths of a period that moves on with the days. */
export const LAST_DAYS = ['7', '30', '90', '365'] as const;
const DAYS_AT_FIRST = 30;

interface PivotQuery {
  readonly by: string;
  readonly measures: string;
}
type OverPeriod = { readonly days: number } | { readonly from: string; readonly to: string };

/** What the page asks the API for; a saved view is the same, as text. */
export function pivotQueryOf(search: ExploreSearch): PivotQuery & OverPeriod {
  const { linhas = 'policy', colunas, medida = 'win_rate', dias, de, ate } = search;
  const by = colunas === undefined || colunas === linhas ? linhas : `${linhas},${colunas}`;
  if (de !== undefined && ate !== undefined) return { by, measures: medida, from: de, to: ate };
  const days = LAST_DAYS.some((known) => known === dias) ? Number(dias) : DAYS_AT_FIRST;
  return { by, measures: medida, days };
}

export function viewQueryOf(search: ExploreSearch): string {
  const entries = Object.entries(pivotQueryOf(search)).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return new URLSearchParams(entries).toString();
}

/** The page on which a saved view is seen; what it names may be gone, which the page says. */
export function searchOfView(query: string): ExploreSearch {
  const kept = new URLSearchParams(query);
  const [linhas, colunas] = (kept.get('by') ?? '').split(',');
  return readExploreSearch({
    linhas,
    colunas,
    medida: kept.get('measures') ?? undefined,
    dias: kept.get('days') ?? undefined,
    de: kept.get('from') ?? undefined,
    ate: kept.get('to') ?? undefined,
  });
}

/** Groups that are days: two periods have none in common. */
const DATED: readonly string[] = ['day', 'week', 'month', 'paid_on', 'paid_month'];

/** The days of a view; undefined where its groups are days, which another period has none of. */
export function comparablePeriod(search: ExploreSearch): Period | undefined {
  const asked = pivotQueryOf(search);
  if (asked.by.split(',').some((dimension) => DATED.includes(dimension))) return undefined;
  return 'from' in asked ? asked : { from: daysAfter(today(), 1 - asked.days), to: today() };
}

/** The two periods of a view that is held against another. */
export function sidesOf(search: ExploreSearch): Sides | undefined {
  const a = comparablePeriod(search);
  const b = a && otherPeriod(search.contra, a);
  return a && b && { a_from: a.from, a_to: a.to, b_from: b.from, b_to: b.to };
}
