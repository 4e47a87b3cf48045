/**
 * npm run bench -- archive [AUCTIONS]: what erasing, archiving and deleting old auctions costs, what bids beside it feel of it,
 * and what detaching a monthly partition would cost instead (docs/adr/archive.md).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { SHAPE } from '../../src/history/facts/fact-row';
import { startEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { emptyDatabase } from '../support/test-database';
import { Meter, METER_SETTINGS, rssMb } from './auction/meter';
import { readOptions } from './auction/options';
import { Requests } from './auction/requests';
import { ms, progress, Scene, type Ground } from './auction/scene';
import { store } from './auction/stored';

const AUCTIONS = Number(process.argv[2] ?? 200_000);
/** Bids beside it, a second. */
const RATE = 100;
const SECONDS = 10;
const MONTHS = 60;
const LOOK_EVERY_MS = 250;
const REPORT = '.data/reports/archive.json';
const TABLES = ['webhook_event', 'auction', 'decision', 'bid', 'bid_attempt', 'exposure', 'history_fact'];

/** What is stored was received years ago, ended, and its facts are counted. */
const AGED = `
  UPDATE auction SET received_at = received_at - interval '3 years', ended_at = received_at - interval '3 years'
    WHERE received_at < now() - interval '10 minutes';
  INSERT INTO history_fact (key, received_at, day, hour, product, status, shape)
    SELECT issuer_proposal_request_key, received_at, received_at::date, 12, 'private_payroll', status, ${SHAPE} FROM auction
    ON CONFLICT (key) DO UPDATE SET status = EXCLUDED.status, shape = EXCLUDED.shape, received_at = EXCLUDED.received_at, day = EXCLUDED.day`;

/** The same decisions by month, as partitions would hold them. */
const PARTITIONED = `
  CREATE TABLE by_month (LIKE decision, PRIMARY KEY (auction_key, ordinal, decided_at)) PARTITION BY RANGE (decided_at);
  DO $$ BEGIN
    FOR n IN 0..${MONTHS - 1} LOOP
      EXECUTE format('CREATE TABLE by_month_%s PARTITION OF by_month FOR VALUES FROM (%L) TO (%L)', n,
        date_trunc('month', now()) - ${MONTHS - 1} * interval '1 month' + n * interval '1 month',
        date_trunc('month', now()) - ${MONTHS - 1} * interval '1 month' + (n + 1) * interval '1 month');
    END LOOP;
  END $$;
  INSERT INTO by_month (auction_key, ordinal, decided_at, outcome, policy_version, policy_hash, reasons, trace, context)
    SELECT auction_key, ordinal, date_trunc('month', now()) - (hashtext(auction_key) & 1023) % ${MONTHS} * interval '1 month',
      outcome, policy_version, policy_hash, reasons, trace, context FROM decision LIMIT 50000;
  ANALYZE by_month`;
const LOOK_UP = (table: string): string => `
  SELECT count(outcome) FROM (SELECT auction_key AS key FROM by_month ORDER BY auction_key LIMIT 2000) AS page
  LEFT JOIN LATERAL (SELECT outcome FROM ${table} WHERE auction_key = page.key AND ordinal = 1 LIMIT 1) AS d ON true`;

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'arremate-bench-'));
  chmodSync(home, 0o755); // where root has to run PostgreSQL as another user, that user must get in
  const postgres = await startEmbeddedPostgres(home, { settings: METER_SETTINGS });
  try {
    const meter = await Meter.open(home, await emptyDatabase(postgres.url));
    const options = { ...readOptions([]), stepSeconds: SECONDS };
    const ground = { postgresUrl: postgres.url, meter, home, requests: new Requests(), options };
    const report = await measured(ground, await emptyDatabase(postgres.url), join(home, 'archive'));
    await meter.close();
    console.log(report);
    mkdirSync('.data/reports', { recursive: true });
    writeFileSync(REPORT, `${JSON.stringify({ at: new Date().toISOString(), ...report }, null, 2)}\n`);
  } finally {
    await postgres.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function measured(ground: Ground, databaseUrl: string, directory: string): Promise<object> {
  await (await Scene.open(ground, 'arremate', { databaseUrl })).close();
  await store(databaseUrl, AUCTIONS, progress);
  const sql = new Client(databaseUrl);
  await sql.connect();
  await sql.query(AGED);
  await sql.query('VACUUM (FULL, ANALYZE)');
  const partitions = await comparedWithPartitions(sql);
  const scene = await Scene.open(ground, 'arremate', { databaseUrl });
  try {
    const alone = await scene.latencyAt(RATE, SECONDS);
    const before = await sizes(sql);
    progress(`${AUCTIONS} auctions of long ago`);
    const erased = await besideBids(scene, sql, databaseUrl, ['retention', '--apply'], directory);
    await sql.query('VACUUM');
    const archived = await besideBids(
      scene,
      sql,
      databaseUrl,
      ['archive', '--apply', '--months', '13'],
      directory,
    );
    await sql.query('VACUUM (FULL)'); // a plain one gives the room to what comes next, and not back to the disk
    return {
      auctions: AUCTIONS,
      alone,
      erased,
      archived,
      bytes_before: before,
      bytes_after: await sizes(sql),
      archive_bytes: bytesIn(directory),
      partitions,
    };
  } finally {
    await scene.close();
    await sql.end();
  }
}

/** A command of the product's while bids go on: how long it took, what it wrote, what bids beside it took. */
async function besideBids(
  scene: Scene,
  sql: Client,
  databaseUrl: string,
  args: readonly string[],
  directory: string,
): Promise<object> {
  const before = await walBytes(sql);
  const begun = performance.now();
  const command = spawn(process.execPath, ['dist/src/cli.js', ...args], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      ARREMATE_ARCHIVE_DIR: directory,
      ARREMATE_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(command, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}`);
    return (performance.now() - begun) / 1_000;
  });
  let peak = 0;
  const looks = setInterval(() => (peak = Math.max(peak, rssMb(command.pid ?? NaN) || 0)), LOOK_EVERY_MS);
  const beside = await scene.latencyAt(RATE, SECONDS);
  const seconds = await ended;
  clearInterval(looks);
  const wal = (await walBytes(sql)) - before;
  progress(`${args.join(' ')}: ${seconds.toFixed(1)} s, bids beside it p99 ${ms(beside.p99)}`);
  return { seconds, wal_mb: wal / 1e6, peak_mb: peak, beside: { p50: beside.p50, p99: beside.p99 } };
}

async function comparedWithPartitions(sql: Client): Promise<object> {
  await sql.query(PARTITIONED);
  const took = async (statement: string): Promise<number> => {
    const begun = performance.now();
    await sql.query(statement);
    return performance.now() - begun;
  };
  await took(LOOK_UP('decision'));
  await took(LOOK_UP('by_month'));
  const figures = {
    look_up_2000_ms: await took(LOOK_UP('decision')),
    look_up_2000_partitioned_ms: await took(LOOK_UP('by_month')),
    detach_ms: await took('ALTER TABLE by_month DETACH PARTITION by_month_3'),
  };
  await sql.query('DROP TABLE by_month, by_month_3');
  return figures;
}

async function sizes(sql: Client): Promise<Record<string, number>> {
  const { rows } = await sql.query<{ name: string; bytes: string }>(
    `SELECT name, pg_total_relation_size(name::regclass) AS bytes FROM unnest($1::text[]) AS name`,
    [TABLES],
  );
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, Number(bytes)]));
}

async function walBytes(sql: Client): Promise<number> {
  const { rows } = await sql.query<{ at: string }>(`SELECT pg_current_wal_lsn() - '0/0'::pg_lsn AS at`);
  return Number(rows[0]?.at);
}

function bytesIn(directory: string): number {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(directory, name)))
    .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
}

void main();
