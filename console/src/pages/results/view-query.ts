import { readExploreSearch, type ExploreSearch } from './search';

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
