import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { ServiceProcess } from '../support/service-process';
import { emptyDatabase } from '../support/test-database';
import { startBareBidder } from './bare-bidder';
import { startSandboxProcess, type SandboxProcess } from './sandbox-process';

/**
 * How long from the receipt of an auction's webhook to QI's acceptance of our bid, with the sandbox pushing auctions
 * at a steady pace, beside a bidder that does nothing but answer. The sandbox is a process of its own, and what comes
 * while everybody warms up is not counted. Arguments: auctions a second, seconds.
 */
async function main(): Promise<void> {
  const [perSecond, seconds] = [Number(process.argv[2] ?? 50), Number(process.argv[3] ?? 20)];
  process.stderr.write(`${perSecond} auctions a second for ${seconds} s, twice\n`);
  const bare = await measureBare(perSecond, seconds);
  const ours = await measureService(perSecond, seconds);
  const rows = [row('bare bidder', bare), row('Arremate', ours)];
  console.table(rows);
  console.log(`p50 ratio ${(ours.p50 / bare.p50).toFixed(1)}, p99 ratio ${(ours.p99 / bare.p99).toFixed(1)}`);
  mkdirSync('.data/reports', { recursive: true });
  const report = { perSecond, seconds, bare, ours, at: new Date().toISOString() };
  writeFileSync('.data/reports/receive-to-bid.json', `${JSON.stringify(report, null, 2)}\n`);
}

const WARM_UP_SECONDS = 5;

interface Figures {
  readonly bids: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

function row(who: string, { bids, p50, p99, max }: Figures) {
  return { who, bids, 'p50 ms': p50.toFixed(1), 'p99 ms': p99.toFixed(1), 'max ms': max.toFixed(1) };
}

async function measureBare(perSecond: number, seconds: number): Promise<Figures> {
  const sandbox = await startSandboxProcess(7);
  const bidder = await startBareBidder(sandbox.url);
  await sandbox.change({ webhooks: { url: bidder.url } });
  await pushFor(sandbox, perSecond, WARM_UP_SECONDS);
  const warm = bidder.latenciesMs.length;
  await pushFor(sandbox, perSecond, seconds);
  const latencies = bidder.latenciesMs.slice(warm).sort((a, b) => a - b);
  await bidder.close();
  await sandbox.stop();
  const at = (share: number): number => latencies[Math.ceil(share * latencies.length) - 1] ?? NaN;
  return { bids: latencies.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

async function measureService(perSecond: number, seconds: number): Promise<Figures> {
  const home = mkdtempSync(join(tmpdir(), 'arremate-bench-'));
  const postgres = await startEmbeddedPostgres(home);
  const sandbox = await startSandboxProcess(7);
  const url = await emptyDatabase(postgres.url);
  const service = await ServiceProcess.start({
    databaseUrl: url,
    qiBaseUrl: sandbox.url,
    env: { ARREMATE_LOG_FILE: join(home, 'arremate.log') },
  });
  try {
    await sandbox.change({ webhooks: { url: `${service.url}/webhooks/qi` } });
    await pushFor(sandbox, perSecond, WARM_UP_SECONDS);
    const since = new Date();
    await pushFor(sandbox, perSecond, seconds);
    return await figuresFrom(url, since);
  } finally {
    await service.stop();
    await sandbox.stop();
    await stopEmbeddedPostgres(home);
    rmSync(home, { recursive: true, force: true });
  }
}

async function pushFor(sandbox: SandboxProcess, perSecond: number, seconds: number): Promise<void> {
  await sandbox.change({ pace: { auctions_per_minute: perSecond * 60 } });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  await sandbox.change({ pace: { auctions_per_minute: 0 } });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}

async function figuresFrom(url: string, since: Date): Promise<Figures> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<Figures>(
      `SELECT count(*)::int AS bids, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS p50,
         percentile_cont(0.99) WITHIN GROUP (ORDER BY ms) AS p99, max(ms) AS max
       FROM (SELECT extract(epoch FROM answered_at - received_at)::float8 * 1000 AS ms
             FROM bid JOIN auction ON issuer_proposal_request_key = auction_key
             WHERE bid.status = 'accepted' AND received_at >= $1) AS accepted`,
      [since],
    );
    const [figures] = rows;
    if (figures === undefined) throw new Error('no figures');
    return figures;
  });
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

void main();
