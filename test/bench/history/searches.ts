import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import type { DataSource } from 'typeorm';
import { AuctionCounts } from '../../../src/history/auction-counts.service';
import { auctionFilter } from '../../../src/history/auction-filter';
import type { AuctionOrder } from '../../../src/history/auction-order';
import { AuctionSearch } from '../../../src/history/auction-search.service';
import { Charts } from '../../../src/history/charts/charts.service';
import { EmployerNames } from '../../../src/history/explore/employer-names.service';
import type { FieldCipher } from '../../../src/platform';
import { POLICIES } from './filled';
import { GOAL_MS, percentile, print, ROUNDS, timed, timedOrCut, type Figures } from './timing';

const PAGE = 50;
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

export async function measure(dataSource: DataSource, cipher: FieldCipher, auctions: number): Promise<void> {
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
}

/** Charts of all that passes, from sums where they say it; and with filters that no sum knows. */
export async function measureCharts(dataSource: DataSource, cipher: FieldCipher): Promise<void> {
  const charts = new Charts(dataSource, new EmployerNames(dataSource, cipher), new AuctionCounts(dataSource));
  const drawings: Record<string, Record<string, string>> = {
    'a day': { received_from: '2026-07-15T03:00:00Z', received_before: '2026-07-16T03:00:00Z' },
    'a day that is read from the facts': {
      received_from: '2026-07-10T03:00:00Z',
      received_before: '2026-07-11T03:00:00Z',
    },
    'a month': { received_from: '2026-07-01T03:00:00Z', received_before: '2026-08-01T03:00:00Z' },
    '30 days across two months': {
      received_from: '2026-07-15T03:00:00Z',
      received_before: '2026-08-14T03:00:00Z',
    },
    'a month, cut within its days': month,
    'a policy': { policy: '20' },
    everything: {},
    'everything, won': { status: 'won' },
    'everything, a frequent reason': { reason: 'NOT_ELIGIBLE' },
    'everything, a rare reason': { reason: 'RARE' },
    'everything, a band of rates': { rate_from: '0.0200', rate_to: '0.0210' },
    'everything, the largest employer': { employer: hashOf('employer0') },
    'a month, won': { ...month, status: 'won' },
  };
  const rows: Figures[] = [];
  for (const [name, filter] of Object.entries(drawings)) {
    const { figures, result } = await timed(() => charts.of(auctionFilter.parse(filter)));
    const { limited_to: limit, funnel } = result;
    const search = `charts of ${name}${limit === null ? '' : ' (limited)'}`;
    rows.push({ search, rows: funnel[0]?.count ?? 0, ...figures });
  }
  print(rows);
}

/** The list in the order of its columns, under filters that much, little and nothing passes; and how many there are. */
export async function measureSorted(dataSource: DataSource, cipher: FieldCipher): Promise<void> {
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
      const first = await timedOrCut(() => search.page(filter, { limit: PAGE, order }), ROUNDS / 4);
      everyPage.push(...first.each);
      const cursor = first.result?.next_cursor ?? undefined;
      const next = await timedOrCut(() => search.page(filter, { limit: PAGE, order, cursor }), ROUNDS / 4);
      everyPage.push(...next.each);
      for (const [page, { figures, result }] of Object.entries({ first, next }))
        if (figures.p95 > GOAL_MS)
          rows.push({
            search: `${name}, by ${order.sort}, ${page}`,
            rows: result?.items.length ?? 0,
            ...figures,
          });
    }
  }
  print(rows);
  console.log(`Sorted pages: p95 ${percentile(everyPage, 0.95).toFixed(1)} ms (goal: ${String(GOAL_MS)})`);
}
