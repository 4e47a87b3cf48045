/**
 * npm run bench -- two-servers [SECONDS A STEP]: one PostgreSQL with one service and with two, then two PostgreSQL servers
 * with a service each, between which the key of the request decides (docs/adr/past-one-postgresql.md).
 */
import { hash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { emptyDatabase } from '../support/test-database';
import type { Route } from './auction/load';
import { Meter, METER_SETTINGS } from './auction/meter';
import { readOptions } from './auction/options';
import { Requests } from './auction/requests';
import { ms, progress, Scene, type Ground, type Latency } from './auction/scene';

const REPORT = '.data/reports/two-servers.json';
const SECONDS = Number(process.argv[2] ?? 8);
/** The same for all, so that latencies can be held against each other. */
const RATE = 200;

interface Row {
  readonly sustained: number;
  readonly at: Latency;
  readonly repeated: number;
  /** Auctions in each database, and how many stand in more than one. */
  readonly stored: readonly number[];
  readonly in_two: number;
}

/** Every process of a shard, and whoever routes, comes to the same answer from the key alone. */
const byKey: Route = (key, processes) => hash('sha256', key, 'buffer').readUInt32BE() % processes;

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'arremate-bench-'));
  chmodSync(home, 0o755); // where root has to run PostgreSQL as another user, that user must get in
  const servers = [];
  try {
    for (const name of ['one', 'two'])
      servers.push(await startEmbeddedPostgres(join(home, name), { settings: METER_SETTINGS }));
    const [one = '', two = ''] = servers.map(({ url }) => url);
    const meter = await Meter.open(join(home, 'one'), await emptyDatabase(one));
    const options = { ...readOptions([]), stepSeconds: SECONDS };
    const ground = { postgresUrl: one, meter, home, requests: new Requests(), options };
    const rows: Record<string, Row> = {
      'one server, one service': await measured(ground, await emptyDatabase(one), {}),
      'one server, two services': await measured(ground, await emptyDatabase(one), { processes: 2 }),
      'two servers, a service each': await measured(ground, await emptyDatabase(one), {
        others: [await emptyDatabase(two)],
      }),
    };
    await meter.close();
    for (const [name, { sustained, at, repeated, stored, in_two: inTwo }] of Object.entries(rows))
      console.log(
        `${name}: ${sustained}/s; at ${RATE}/s p50 ${ms(at.p50)}, p99 ${ms(at.p99)}; ${stored.join(' + ')} auctions, ${inTwo} in two, ${repeated} bid on twice`,
      );
    mkdirSync('.data/reports', { recursive: true });
    const report = { at: new Date().toISOString(), cpus: cpus().length, seconds: SECONDS, rate: RATE, rows };
    writeFileSync(REPORT, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    for (const server of servers) await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function measured(
  ground: Ground,
  databaseUrl: string,
  how: { readonly processes?: number; readonly others?: readonly string[] },
): Promise<Row> {
  const { others = [] } = how;
  progress(`${how.processes ?? 1} processes on one server, ${others.length} on another`);
  const scene = await Scene.open(ground, 'arremate', {
    ...how,
    databaseUrl,
    ...(others.length > 0 && { route: byKey }),
  });
  try {
    const sustained = await scene.sustained();
    const at = await scene.latencyAt(RATE, SECONDS);
    const keys = await Promise.all([databaseUrl, ...others].map(keysIn));
    const all = keys.flat();
    return {
      sustained,
      at: { p50: at.p50, p99: at.p99 },
      repeated: await scene.repeated(),
      stored: keys.map(({ length }) => length),
      in_two: all.length - new Set(all).size,
    };
  } finally {
    await scene.close();
  }
}

async function keysIn(url: string): Promise<readonly string[]> {
  const client = new Client(url);
  await client.connect();
  const { rows } = await client.query<{ key: string }>(
    'SELECT issuer_proposal_request_key AS key FROM auction',
  );
  await client.end();
  return rows.map(({ key }) => key);
}

void main();
