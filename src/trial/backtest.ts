import { isAnswered } from '../auction';
import { readBindingStage, type ReadDatabase } from '../platform';
import { portablePolicy, type PolicyVersion } from '../policy';
import type { BacktestVersions, StoredRow } from './backtest-page';
import { BacktestThreads, type PortableVersion } from './backtest-threads';
import { BacktestTally, type BacktestCounts, type BacktestFigures } from './domain/backtest-tally';

/** Where a backtest finds the requests, and what opens them. */
export interface BacktestArchive {
  readonly database: Pick<ReadDatabase, 'query'>;
  readonly encryptionKeys: readonly Buffer[];
}

export interface BacktestPeriod {
  readonly from: Date;
  readonly before: Date;
}

export type BacktestResult =
  | { readonly kind: 'done'; readonly figures: BacktestReportFigures }
  | { readonly kind: 'stopped' };

export interface BacktestReportFigures extends BacktestFigures {
  /** Reasons of the candidate's rules given for none of these requests, or for all: perhaps not what was meant. */
  readonly unusual_reasons: { readonly never: readonly string[]; readonly always: readonly string[] };
}

const PAGE = 500;

/**
 * Runs two versions over the stored requests of a period, page by page in the order of arrival, and adds up what they
 * come to. Memory does not grow with the number of requests. Nothing is written.
 * @param onPage told how many requests are done and how many there are; false stops it.
 */
export async function runBacktest(
  { database, encryptionKeys }: BacktestArchive,
  { baseline, candidate }: BacktestVersions,
  period: BacktestPeriod,
  onPage: (done: number, total: number) => Promise<boolean>,
): Promise<BacktestResult> {
  const total = await countRequests(database, period);
  let tally = new BacktestTally();
  const bindingStage = await readBindingStage(database);
  const versions = { baseline: portable(baseline), candidate: portable(candidate) };
  const threads = new BacktestThreads({ encryptionKeys, bindingStage, ...versions });
  try {
    let done = 0;
    for await (const { requests, counts } of decidedPages(database, period, threads)) {
      tally = tally.with(counts);
      done += requests;
      if (!(await onPage(done, Math.max(total, done)))) return { kind: 'stopped' };
    }
  } finally {
    await threads.close();
  }
  const figures = tally.figures();
  return { kind: 'done', figures: { ...figures, unusual_reasons: unusualReasons(candidate, figures) } };
}

const portable = ({ version, compiled }: PolicyVersion): PortableVersion => ({
  version,
  policy: portablePolicy(compiled),
});

interface DecidedPage {
  readonly requests: number;
  readonly counts: BacktestCounts;
}

/** In the order of arrival, a few of them under way at a time. */
async function* decidedPages(
  database: Pick<ReadDatabase, 'query'>,
  period: BacktestPeriod,
  threads: BacktestThreads,
): AsyncGenerator<DecidedPage> {
  const underWay: Promise<DecidedPage>[] = [];
  for await (const rows of storedPages(database, period)) {
    const page = threads.decide(rows).then((counts) => ({ requests: rows.length, counts }));
    page.catch(() => undefined); // reported when its turn comes
    underWay.push(page);
    if (underWay.length < threads.appetite) continue;
    const first = underWay.shift();
    if (first !== undefined) yield await first;
  }
  for (const page of underWay) yield await page;
}

function unusualReasons(
  { compiled }: PolicyVersion,
  { requests, candidate: { reasons } }: BacktestFigures,
): BacktestReportFigures['unusual_reasons'] {
  if (requests === 0) return { never: [], always: [] };
  const codes = [...new Set(compiled.policy.rules.map(({ code }) => code))];
  const saying = (count: number) => codes.filter((code) => (reasons[code] ?? 0) === count);
  return { never: saying(0), always: saying(requests) };
}

async function countRequests(
  database: Pick<ReadDatabase, 'query'>,
  { from, before }: BacktestPeriod,
): Promise<number> {
  const [row] = await database.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM auction WHERE received_at >= $1 AND received_at < $2`,
    [from, before],
  );
  return row?.count ?? 0;
}

async function* storedPages(
  database: Pick<ReadDatabase, 'query'>,
  period: BacktestPeriod,
): AsyncGenerator<StoredRow[]> {
  let last: StoredRow | undefined;
  do {
    const rows = await readPage(database, period, last);
    last = rows.length === PAGE ? rows.at(-1) : undefined;
    if (rows.length > 0) yield rows;
  } while (last !== undefined);
}

function readPage(
  database: Pick<ReadDatabase, 'query'>,
  { from, before }: BacktestPeriod,
  after: StoredRow | undefined,
): Promise<StoredRow[]> {
  return database.query<StoredRow[]>(
    `SELECT issuer_proposal_request_key AS key, to_json(auction.received_at) #>> '{}' AS received_at,
       to_json(inclusion_limit_at) #>> '{}' AS limit_at, auction.status,
       encode(content_hash, 'hex') AS content_hash, raw_key_id, raw_ciphertext, context::text,
       CASE WHEN auction.status IN ('won', 'lost') THEN
         (SELECT monthly_interest_rate FROM bid WHERE bid.auction_key = issuer_proposal_request_key AND ${isAnswered('bid')})
       END AS won_rate
     FROM auction
       JOIN webhook_event ON webhook_event.id = webhook_event_id
       LEFT JOIN decision ON decision.auction_key = issuer_proposal_request_key AND decision.ordinal = 1
     WHERE (auction.received_at, issuer_proposal_request_key) > ($1::timestamptz, $2) AND auction.received_at >= $3
       AND auction.received_at < $4
     ORDER BY auction.received_at, issuer_proposal_request_key LIMIT ${String(PAGE)}`,
    [after?.received_at ?? '-infinity', after?.key ?? '', from, before],
  );
}
