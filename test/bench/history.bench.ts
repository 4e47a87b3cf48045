/**
 * npm run bench -- history [AUCTIONS]: how long analysts wait for a page of the bid history (10,000,000 auctions unless
 * told), filter by filter, beside the bare reading of fifty rows by key; then how long figures take: results, periods held
 * against each other, pivots. Prints p50 and p95 of each, and which are over the goal.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource, QueryRunner } from 'typeorm';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { AuctionCounts } from '../../src/history/auction-counts.service';
import type { AuctionOrder } from '../../src/history/auction-order';
import { AuctionSearch } from '../../src/history/auction-search.service';
import { auctionFilter, type AuctionFilter } from '../../src/history/auction-filter';
import { compare } from '../../src/history/explore/comparison';
import type { DimensionName } from '../../src/history/explore/dimensions';
import type { MeasureName } from '../../src/history/explore/measures';
import { Pivots } from '../../src/history/explore/pivot.service';
import { selection } from '../../src/history/explore/selection';
import { sumAStaleDay } from '../../src/history/facts/day-sums';
import { factsOfAuctions, storeFacts } from '../../src/history/facts/derive-facts';
import { winCurveQuery } from '../../src/history/rates/win-curve.dto';
import { WinCurves } from '../../src/history/rates/win-curves.service';
import { resultsQuery } from '../../src/history/results/results.dto';
import { Results } from '../../src/history/results/results.service';
import { Charts } from '../../src/history/charts.service';
import { createDataSource, FieldCipher, migrate, type Sealed } from '../../src/platform';

const ROWS_AT_ONCE = 250_000;
const PAGE = 50;
const ROUNDS = 20;
const GOAL_MS = 300;
/** For figures at a million auctions. */
const FIGURES_GOAL_MS = 500;
/** What is so slow is known after three. */
const ENOUGH_MS = 4_000;
/** The history is this long, however many auctions it has. */
const DAYS = 180;
const BORROWERS = 3_000_000;
const EMPLOYERS = 50_000;
const POLICIES = 40;

/** Enough memory to hold indexes of this size, as a server with such a history would have. */
const settings = {
  shared_buffers: '2GB',
  maintenance_work_mem: '1GB',
  max_wal_size: '8GB',
  effective_cache_size: '12GB',
  random_page_cost: '1.1',
};

async function main(): Promise<void> {
  const auctions = Number(process.argv[2] ?? 10_000_000);
  const home = mkdtempSync(join(tmpdir(), 'arremate-bench-'));
  const postgres = await startEmbeddedPostgres(home, { settings });
  await migrate(postgres.url, { info: () => undefined, warn: console.warn });
  const dataSource = await createDataSource(postgres.url, { poolSize: 4 }).initialize();
  try {
    const cipher = new FieldCipher([Buffer.alloc(32, 7)], 'unbound');
    await store(dataSource, cipher, auctions);
    await measure(dataSource, cipher, auctions);
    await deriveFacts(dataSource, auctions);
    await measureSorted(dataSource, cipher);
    await sumDays(dataSource);
    await measureFigures(dataSource, auctions);
  } finally {
    await dataSource.destroy();
    await stopEmbeddedPostgres(home);
    rmSync(home, { recursive: true, force: true });
  }
}

/** A number from 0 to below `below` that depends on the row and the salt alone: the same history in every run. */
const drawn = (salt: number, below: number | string): string =>
  `(abs(hashint8extended(i, ${String(salt)}) % 1000000007) % ${String(below)})`;
/** Few borrowers and employers have many auctions, many have few. */
const skewed = (salt: number, count: number): string =>
  `floor(${String(count)} * power(${drawn(salt, 1_000_000)} / 1000000.0, 3))::bigint`;
const mark = (kind: string, number: string): string => `sha256(convert_to('${kind}' || ${number}, 'UTF8'))`;

/** 60 of 100 are declined, 30 lost, 8 won, the others end otherwise. */
const STATUS = `CASE WHEN fate < 60 THEN 'declined' WHEN fate < 90 THEN 'lost' WHEN fate < 98 THEN 'won'
  WHEN fate < 99 THEN 'rejected' ELSE 'expired' END`;
const REASON = `CASE WHEN rare = 0 THEN 'RARE' WHEN rare < 20000 THEN 'MARGIN_TOO_LOW' WHEN rare < 50000 THEN 'TENURE_BELOW_MINIMUM'
  ELSE 'NOT_ELIGIBLE' END`;

async function store(dataSource: DataSource, cipher: FieldCipher, auctions: number): Promise<void> {
  const started = performance.now();
  const sealed = cipher.encrypt(
    JSON.stringify({
      name: 'MARIA DAS DORES',
      cpf: '52998224725',
      birth_date: '1985-03-01',
      registration: '1',
      employer_document_number: '29113956000181',
    }),
    'auction.personal_ciphertext',
    '',
  );
  // All auctions share one ciphertext, as only those of an older release can.
  await dataSource.query(`ALTER TABLE auction DROP CONSTRAINT auction_personal_key_id_bound`);
  const [connection] = await bareConnections(dataSource, 1);
  if (connection === undefined) throw new Error('there is no connection');
  const indexes = (await connection.query(
    `SELECT indexname, indexdef FROM pg_indexes JOIN pg_class ON relname = indexname
     WHERE tablename IN ('auction', 'decision', 'bid', 'operation')
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = pg_class.oid)`,
  )) as { indexname: string; indexdef: string }[];
  for (const { indexname } of indexes) await connection.query(`DROP INDEX ${indexname}`);

  await connection.query(
    `INSERT INTO policy_version (number, hash, document, state, authors, created_at, changed_at)
     OVERRIDING SYSTEM VALUE
     SELECT i, encode(sha256(convert_to('policy' || i, 'UTF8')), 'hex'), '{}', 'retired', ARRAY['seed'], now(), now()
     FROM generate_series(1, ${String(POLICIES)}) AS i`,
  );

  const batches = Array.from(
    { length: Math.ceil(auctions / ROWS_AT_ONCE) },
    (_, at) => at * ROWS_AT_ONCE,
  ).values();
  let stored = 0;
  const lanes = (await bareConnections(dataSource, Math.min(cpus().length, 4))).map(async (lane) => {
    await lane.query(
      `CREATE TEMP TABLE auction_drawn (i bigint, key text, received_at timestamptz, fate bigint, rare bigint, policy bigint)`,
    );
    for (const first of batches) {
      const last = Math.min(first + ROWS_AT_ONCE, auctions);
      await storeBatch(lane, { first, last, auctions }, sealed);
      stored += last - first;
      progress(`${count(stored)} auctions stored after ${seconds(started)} s`);
    }
    await lane.release();
  });
  await Promise.all(lanes);
  for (const { indexname, indexdef } of indexes) {
    await connection.query(indexdef);
    progress(`${indexname} made after ${seconds(started)} s`);
  }
  await connection.query('VACUUM (ANALYZE) auction, auction_facet, decision, bid, operation');
  const [size] = (await connection.query(
    `SELECT pg_size_pretty(pg_database_size(current_database())) AS size`,
  )) as {
    size: string;
  }[];
  await connection.release();
  progress(`stored in ${seconds(started)} s, ${size?.size ?? ''}`);
}

/** Rows go in without indexes, keys to other tables and triggers; the indexes are made afterwards, as a restore does it. */
function bareConnections(dataSource: DataSource, number: number): Promise<QueryRunner[]> {
  return Promise.all(
    Array.from({ length: number }, async () => {
      const connection = dataSource.createQueryRunner();
      await connection.connect();
      await connection.query(`SET session_replication_role = replica`);
      await connection.query(`SET statement_timeout = 0`);
      return connection;
    }),
  );
}

async function storeBatch(
  lane: QueryRunner,
  { first, last, auctions }: { readonly first: number; readonly last: number; readonly auctions: number },
  { keyId, ciphertext }: Sealed,
): Promise<void> {
  await lane.query(`TRUNCATE auction_drawn`);
  await lane.query(
    `INSERT INTO auction_drawn
     SELECT i, md5('auction' || i)::uuid::text, timestamptz '2026-05-01' + i * interval '${String(DAYS)} days' / ${String(auctions)},
       ${drawn(1, 100)}, ${drawn(2, 100_000)}, 1 + i * ${String(POLICIES)} / ${String(auctions)}
     FROM generate_series(${String(first)}::bigint, ${String(last - 1)}) AS i`,
  );
  await lane.query(
    `INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, inclusion_limit_at,
       expiration_at, requested_amount, requested_installments, consigned_credit_balance, admission_date, eligible,
       borrower_index, employer_index, employer_document_type, personal_key_id, personal_ciphertext,
       credit_operation_key, ended_at)
     SELECT key, i, ${STATUS}, received_at, received_at + interval '100 seconds', received_at + interval '1 day',
       (50000 + ${drawn(3, 2_500_000)}) / 100.0, 6 + ${drawn(4, 43)}, (5000 + ${drawn(5, 250_000)}) / 100.0,
       date '2010-01-01' + ${drawn(6, 5_800)}::int, true,
       ${mark('borrower', skewed(7, BORROWERS))}, ${mark('employer', skewed(8, EMPLOYERS))}, 'cnpj', $1, $2,
       CASE WHEN fate >= 90 AND fate < 98 THEN md5('operation' || i)::uuid::text END, received_at + interval '2 minutes'
     FROM auction_drawn`,
    [keyId, ciphertext],
  );
  await lane.query(
    `INSERT INTO decision (auction_key, decided_at, outcome, policy_version, policy_hash, reasons, trace)
     SELECT key, received_at + interval '20 milliseconds', CASE WHEN fate < 60 THEN 'no_bid' ELSE 'bid' END,
       policy::text, encode(sha256(convert_to('policy' || policy, 'UTF8')), 'hex'),
       CASE WHEN fate < 60 THEN jsonb_build_array(jsonb_build_object('code', ${REASON})) ELSE '[]' END,
       jsonb_build_object('padding', repeat(md5(i::text), 8))
     FROM auction_drawn`,
  );
  await lane.query(
    `INSERT INTO bid (request_control_key, auction_key, ordinal, status, monthly_interest_rate,
       number_of_installments, disbursed_issue_amount, installment_face_value, issue_amount, assignment_amount,
       iof_amount, monthly_cet, disbursement_date, first_due_date, days_to_expiration, rebates, price_row, submit_by,
       rank_position, created_at, submitted_at, answered_at)
     SELECT md5('bid' || i)::uuid, key, 1, CASE WHEN fate = 98 THEN 'rejected' ELSE 'accepted' END,
       0.0150 + ${drawn(9, 250)} / 10000.0, 6 + ${drawn(4, 43)}, 2000, 150, 2100, 2150, 50, 0.03,
       '2026-05-04', '2026-07-20', 1, '[]', 'row', received_at + interval '90 seconds',
       1 + ${drawn(10, 4)}, received_at, received_at + interval '30 milliseconds', received_at + interval '200 milliseconds'
     FROM auction_drawn WHERE fate >= 60`,
  );
  await lane.query(
    `INSERT INTO operation (credit_operation_key, origin, status, status_since, auction_key, request_control_key,
       disbursed_issue_amount, installment_face_value, number_of_installments, monthly_interest_rate, opened_at, ended_at)
     SELECT md5('operation' || i)::uuid::text, 'auction', 'disbursed', received_at + interval '1 day', key,
       md5('bid' || i)::uuid, 2000, 150, 24, 0.02, received_at + interval '2 minutes', received_at + interval '1 day'
     FROM auction_drawn WHERE fate >= 90 AND fate < 98`,
  );
  await lane.query(
    `INSERT INTO auction_facet SELECT facet, received_at, key
     FROM auction_drawn JOIN decision ON auction_key = key, facets_of(reason_codes, policy_version) AS facet`,
  );
}

/** The facts as the job derives them; what it works out of each bid is drawn. */
async function deriveFacts(dataSource: DataSource, auctions: number): Promise<void> {
  const [connection] = await bareConnections(dataSource, 1);
  if (connection === undefined) throw new Error('there is no connection');
  const started = performance.now();
  await connection.query(
    storeFacts(factsOfAuctions('SELECT issuer_proposal_request_key AS key FROM auction')),
  );
  const each = ((performance.now() - started) * 1_000) / auctions;
  progress(`facts derived in ${seconds(started)} s: ${each.toFixed(0)} us an auction`);
  await connection.query(
    `UPDATE history_fact SET margin_is = 'known', loss_row = 't' || term % 9, interest = offered / 4, discount = -offered / 50,
       rebate = offered / 55, funding = offered / 8, prepayment = offered / 100, expected_loss = offered / 20, cost = 4500,
       margin = offered / 4 - offered / 50 + offered / 55 - offered / 8 - offered / 100 - offered / 20 - 4500,
       margin_rate = 9000, paid_out = 750000, first_paid = hour % 20 > 0, told_loss = CASE WHEN hour = 3 THEN 0 END
     WHERE bid_key IS NOT NULL`,
  );
  // In the order in which they come in life.
  await connection.query('CLUSTER history_fact USING history_fact_day');
  await connection.query('VACUUM (ANALYZE) history_fact');
  const [size] = (await connection.query(
    `SELECT pg_size_pretty(pg_total_relation_size('history_fact')) AS size`,
  )) as { size: string }[];
  await connection.release();
  progress(`facts: ${size?.size ?? ''}`);
}

async function sumDays(dataSource: DataSource): Promise<void> {
  const [connection] = await bareConnections(dataSource, 1);
  if (connection === undefined) throw new Error('there is no connection');
  const summing = performance.now();
  while (await dataSource.transaction(sumAStaleDay));
  await connection.query('VACUUM (ANALYZE) history_sum, history_stale_day');
  progress(`${String(DAYS)} days summed in ${seconds(summing)} s`);
  // One day is always read from the facts, as today is.
  await connection.query(`INSERT INTO history_stale_day VALUES ('2026-07-10')`);
  await connection.release();
}

const WEEK = ['2026-07-06', '2026-07-12', '2026-06-29', '2026-07-05'] as const;
const HALF = ['2026-07-30', '2026-10-27', '2026-05-01', '2026-07-29'] as const;

/** Everything there is, and what people ask of less. */
async function measureFigures(dataSource: DataSource, auctions: number): Promise<void> {
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

interface Figures {
  readonly search: string;
  readonly rows: number;
  readonly p50: number;
  readonly p95: number;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
const month = { received_from: '2026-07-01T00:00:00Z', received_before: '2026-08-01T00:00:00Z' };
const day = { received_from: '2026-07-15T00:00:00Z', received_before: '2026-07-16T00:00:00Z' };

/** What analysts look for: much and little, new and old, what is everywhere and what is nowhere. */
const SEARCHES: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  'the newest': {},
  'one day': day,
  'one day, won': { ...day, status: 'won' },
  'a status': { status: 'won' },
  'a rare status': { status: 'expired' },
  'a status of which there is none': { status: 'parked' },
  'three statuses': { status: 'won,lost,expired' },
  'a borrower': { borrower: hashOf('borrower1234567') },
  'the most frequent borrower': { borrower: hashOf('borrower0') },
  'a borrower we never saw': { borrower: hashOf('nobody') },
  'an employer': { employer: hashOf('employer40000') },
  'the largest employer': { employer: hashOf('employer0') },
  'the largest employer, rejected': { employer: hashOf('employer0'), status: 'rejected' },
  'a frequent reason': { reason: 'NOT_ELIGIBLE' },
  'a rare reason': { reason: 'RARE' },
  'a reason nobody had': { reason: 'NEVER' },
  'a rare reason, a month': { reason: 'RARE', ...month },
  'a band of rates': { rate_from: '0.0200', rate_to: '0.0210' },
  'a rate never bid': { rate_from: '0.0900' },
  'a band of rates, won, a month': { rate_from: '0.0200', rate_to: '0.0202', status: 'won', ...month },
  'a term': { term_from: 24, term_to: 24 },
  'a term nobody asked for': { term_from: 90 },
  'a term, lost, a month': { term_from: 24, term_to: 24, status: 'lost', ...month },
  'an amount': { amount_from: '1000', amount_to: '1010' },
  'an amount nobody asked for': { amount_from: '900000' },
  'the latest policy': { policy: String(POLICIES) },
  'the first policy': { policy: '1' },
  'a policy by its hash': { policy: createHash('sha256').update('policy3').digest('hex') },
  'a policy that never was': { policy: '99' },
  'the first policy, lost, by rate': { policy: '1', status: 'lost', rate_to: '0.0160' },
};

async function measure(dataSource: DataSource, cipher: FieldCipher, auctions: number): Promise<void> {
  const counts = new AuctionCounts(dataSource);
  const search = new AuctionSearch(dataSource, cipher, counts, dataSource);
  const rows: Figures[] = [];
  const slow: string[] = [];
  const keys = (await search.page({}, { limit: PAGE })).items.map((item) => item.issuer_proposal_request_key);
  const bare = await timed(() =>
    dataSource.query(`SELECT * FROM auction WHERE issuer_proposal_request_key = ANY ($1)`, [keys]),
  );
  rows.push({ search: '(bare: fifty rows by key)', rows: PAGE, ...bare.figures });
  const everyPage: number[] = [];
  for (const [name, parameters] of Object.entries(SEARCHES)) {
    const filter = auctionFilter.parse(parameters);
    const { figures, result, each } = await timed(() => search.page(filter, { limit: PAGE }));
    everyPage.push(...each);
    rows.push({ search: name, rows: result.items.length, ...figures });
    if (figures.p95 > GOAL_MS) slow.push(name);
    // The page in the middle costs what the first costs.
    const middle = { ...filter, received_before: filter.received_before ?? '2026-07-30T00:00:00Z' };
    const deep = await timed(() => search.page(middle, { limit: PAGE }), ROUNDS / 4);
    everyPage.push(...deep.each);
    if (deep.figures.p95 > GOAL_MS) {
      rows.push({ search: `${name}, before the middle`, rows: deep.result.items.length, ...deep.figures });
      slow.push(`${name}, before the middle`);
    }
  }
  print(rows);
  const p95 = percentile(everyPage, 0.95);
  const report = {
    auctions,
    node: process.version,
    cpu: cpus()[0]?.model,
    load_average: loadavg()[0],
    p95_of_all_pages_ms: p95,
    times_the_bare_reading: p95 / bare.figures.p95,
    too_slow: slow,
    rows,
  };
  console.log(
    `All pages: p95 ${p95.toFixed(1)} ms (goal: ${String(GOAL_MS)}), ${report.times_the_bare_reading.toFixed(1)} times the bare reading; over the goal: ${slow.join('; ') || 'none'}`,
  );
  mkdirSync('.data/reports', { recursive: true });
  writeFileSync('.data/reports/history.json', `${JSON.stringify(report, null, 2)}\n`);

  const charts = new Charts(dataSource, cipher);
  const drawings: Record<string, AuctionFilter> = {
    'charts of a day': auctionFilter.parse(day),
    'charts of a month': auctionFilter.parse(month),
    'charts of everything': {},
  };
  for (const [name, filter] of Object.entries(drawings)) {
    const { figures } = await timed(() => charts.of(filter), 3);
    print([{ search: name, rows: 0, ...figures }]);
  }
}

/** The list in the order of its columns, under filters that much, little and nothing passes; and how many there are. */
async function measureSorted(dataSource: DataSource, cipher: FieldCipher): Promise<void> {
  const counts = new AuctionCounts(dataSource);
  const search = new AuctionSearch(dataSource, cipher, counts, dataSource);
  const orders: readonly AuctionOrder[] = [
    { sort: 'monthly_interest_rate', direction: 'desc' },
    { sort: 'requested_amount', direction: 'asc' },
    { sort: 'expected_margin', direction: 'desc' },
    { sort: 'status', direction: 'asc' },
  ];
  const rows: Figures[] = [];
  const everyPage: number[] = [];
  for (const [name, parameters] of Object.entries(SEARCHES)) {
    const filter = auctionFilter.parse(parameters);
    const counted = await timed(() => counts.of(filter), ROUNDS / 4);
    const { count: found, is_exact: isExact } = counted.result;
    rows.push({ search: `${name}, counted${isExact ? '' : ' (estimate)'}`, rows: found, ...counted.figures });
    for (const order of orders) {
      const first = await timed(() => search.page(filter, { limit: PAGE, order }), ROUNDS / 4);
      everyPage.push(...first.each);
      const cursor = first.result.next_cursor ?? undefined;
      const next = await timed(() => search.page(filter, { limit: PAGE, order, cursor }), ROUNDS / 4);
      everyPage.push(...next.each);
      for (const [page, { figures, result }] of Object.entries({ first, next }))
        if (figures.p95 > GOAL_MS)
          rows.push({ search: `${name}, by ${order.sort}, ${page}`, rows: result.items.length, ...figures });
    }
  }
  print(rows);
  console.log(`Sorted pages: p95 ${percentile(everyPage, 0.95).toFixed(1)} ms (goal: ${String(GOAL_MS)})`);
}

function print(rows: readonly Figures[]): void {
  console.table(
    rows.map(({ p50, p95, ...row }) => ({ ...row, 'p50 ms': p50.toFixed(1), 'p95 ms': p95.toFixed(1) })),
  );
}

async function timed<T>(work: () => Promise<T>, rounds = ROUNDS) {
  const each: number[] = [];
  let result = await work(); // what was never read before is read from disk: that is not what is measured
  const begun = performance.now();
  for (let round = 0; round < rounds && (round < 3 || performance.now() - begun < ENOUGH_MS); round += 1) {
    const started = performance.now();
    result = await work();
    each.push(performance.now() - started);
  }
  return { figures: { p50: percentile(each, 0.5), p95: percentile(each, 0.95) }, result, each };
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? NaN;
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}
const count = (value: number): string => value.toLocaleString('en');
const seconds = (started: number): string => ((performance.now() - started) / 1_000).toFixed(1);

void main();
