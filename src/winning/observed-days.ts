import type { DataSource } from 'typeorm';
import { DAY_MS } from '../kernel';
import { priceOfMoney, type ModelDocument, type ObservedDay, type ObservedSum } from './domain';
import { BID_WITH, SUMS } from './observation-sql';

/** Older ones say nothing of today's market. */
const MOST_DAYS = 400;
/** Read and handed over at once. */
const PAGE_DAYS = 20;

type SumRow = Omit<ObservedSum, 'rateBp' | 'stepBp' | 'wonAmount' | 'stoppedAmount'> & {
  readonly day: string;
  readonly rate_bp: number | null;
  readonly step_bp: number;
  readonly won_amount: number;
  readonly stopped_amount: number;
};

interface VersionRow {
  readonly day: string;
  readonly document: string | null;
}

/** Every day from the first with an observation of these cells to the last that is learnt from, in order, some at a time. */
export async function* observedDays(
  dataSource: DataSource,
  segments: string,
  through: string,
): AsyncGenerator<readonly ObservedDay[]> {
  for await (const days of pagesOfDays(dataSource, segments, through)) {
    const span = [segments, days[0], days.at(-1)];
    const rows = await dataSource.query<SumRow[]>(SUMS, span);
    const versions = await dataSource.query<VersionRow[]>(BID_WITH, span);
    yield days.map((day) => ({
      day,
      sums: rows.filter((row) => row.day === day).map(sumOf),
      priceOfMoney: priceOfMoney(documentIn(versions.find((row) => row.day === day)?.document)),
    }));
  }
}

/** The same days alone: as many at a time as one statement reads, however far back they go. */
export async function* pagesOfDays(
  dataSource: DataSource,
  segments: string,
  through: string,
): AsyncGenerator<readonly string[]> {
  const [found] = await dataSource.query<{ first: string | null }[]>(
    `SELECT min(day)::text AS first FROM rate_model_observation
     WHERE segments = $1 AND day BETWEEN $2::date - ${String(MOST_DAYS)} AND $2::date`,
    [segments, through],
  );
  if (found?.first == null) return;
  for (let from = Date.parse(found.first); from <= Date.parse(through); from += PAGE_DAYS * DAY_MS)
    yield Array.from({ length: PAGE_DAYS }, (_, at) => isoDay(from + at * DAY_MS)).filter(
      (day) => day <= through,
    );
}

function sumOf(found: SumRow): ObservedSum {
  const {
    rate_bp: rateBp,
    step_bp: stepBp,
    won_amount: wonAmount,
    stopped_amount: stoppedAmount,
    ...row
  } = found;
  return { ...row, rateBp: rateBp ?? undefined, stepBp, wonAmount, stoppedAmount };
}

/** Nothing of one that is gone, or damaged, which the next bid finds out. */
function documentIn(text: string | null | undefined): Partial<ModelDocument> {
  try {
    return JSON.parse(text ?? '{}') as Partial<ModelDocument>;
  } catch {
    return {};
  }
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
