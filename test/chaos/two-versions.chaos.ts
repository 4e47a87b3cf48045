import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { audit } from '../support/auditor';
import { growTables } from '../support/grown-tables';
import { lostWebhooks } from '../support/lost-webhooks';
import { buildPreviousRelease, type PreviousRelease } from '../support/previous-release';
import { RolloutLoad } from '../support/rollout-load';
import { ScriptedQi } from '../support/scripted-qi';
import { ServiceProcess } from '../support/service-process';
import { emptyDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

/**
 * A rollout and the way back, under load, on the last release's schema with rows: its process, the present one beside
 * it, which migrates while a copy of the database is being taken, the present one alone, the last release beside it
 * again, and alone. No webhook may be lost and no page may fail; what a busy door refuses is sent again. Arguments:
 * auctions a second, seconds of each step, the release (docs/HACKING.md).
 */
const PER_SECOND = Number(process.argv[2] ?? 20);
const STEP_MS = Number(process.argv[3] ?? 10) * 1_000;
const RELEASE = process.argv[4];
const AUCTIONS_BEHIND = 20_000;
/** How long the copy holds its locks after the new release has begun to migrate. */
const COPY_MS = 2_000;

interface Place {
  readonly qi: ScriptedQi;
  readonly sql: Pool;
  readonly databaseUrl: string;
  readonly previous: PreviousRelease;
}

async function main(): Promise<void> {
  const previous = buildPreviousRelease(RELEASE);
  say(`the release before: ${previous.name}`);
  const home = mkdtempSync(join(tmpdir(), 'arremate-chaos-'));
  const postgres = await startEmbeddedPostgres(home);
  const databaseUrl = await emptyDatabase(postgres.url);
  const sql = new Pool({ connectionString: databaseUrl, max: 4 });
  const qi = await ScriptedQi.start();
  const running: ServiceProcess[] = [];
  try {
    process.exitCode = (await rollOut({ qi, sql, databaseUrl, previous }, running)) ? 0 : 1;
  } finally {
    await Promise.all(running.map((service) => service.stop()));
    await qi.close();
    await sql.end();
    await stopEmbeddedPostgres(home);
    rmSync(home, { recursive: true, force: true });
    previous.remove();
  }
}

async function rollOut(place: Place, running: ServiceProcess[]): Promise<boolean> {
  const { qi, sql, databaseUrl, previous } = place;
  const start = async (home?: string): Promise<ServiceProcess> => {
    const service = await ServiceProcess.start({
      databaseUrl,
      qiBaseUrl: qi.url,
      ...(home !== undefined && { home }),
    });
    running.push(service);
    return service;
  };
  const load = new RolloutLoad(qi, PER_SECOND);
  const step = async (what: string, ...doors: ServiceProcess[]): Promise<void> => {
    load.doors = doors;
    await pause(STEP_MS);
    const { requests, ends, refused, errors } = load;
    say(
      `${what}: ${requests.length} requests and ${ends.length} ends acknowledged, ${refused.length} refused, ${errors.length} page errors`,
    );
  };

  const old = await start(previous.home);
  const before = await migrationsOf(sql);
  await growTables(sql, AUCTIONS_BEHIND);
  load.doors = [old];
  load.start();
  await step('the release before alone', old);
  const [present] = await Promise.all([start(), takeCopy(sql)]);
  const gaveWay = present.output.split('gave way').length - 1;
  const migrated = (await migrationsOf(sql)).filter((name) => !before.includes(name));
  say(`migrated under load: ${migrated.join(', ') || 'nothing'}; gave way ${gaveWay} times to the copy`);
  await step('both', old, present);
  load.doors = [present];
  const stopped = [await old.stop()];
  await step('the present one alone', present);
  await old.restart();
  await step('the way back: both', present, old);
  load.doors = [old];
  stopped.push(await present.stop());
  await step('the release before alone, on the new schema', old);
  await load.end();

  const report = {
    release: previous.name,
    per_second: PER_SECOND,
    step_seconds: STEP_MS / 1_000,
    load_average: loadavg()[0],
    migrated,
    gave_way: gaveWay,
    exit_codes: stopped,
    requests: load.requests.length,
    ends: load.ends.length,
    ...(await lostWebhooks(sql, load)),
    refused: load.refused,
    pages: load.pages,
    page_errors: load.errors,
    outcomes: await outcomes(sql, load),
    wrong: await audit(sql, qi).then(
      () => [],
      (error: unknown) => [String(error)],
    ),
  };
  console.log(report);
  writeFileSync('.data/reports/two-versions.json', `${JSON.stringify(report, null, 2)}\n`);
  const faults = [report.lost, report.undecided, report.page_errors, report.wrong];
  return faults.every((some) => some.length === 0) && stopped.every((code) => code === 0);
}

/** What pg_dump does first: no migration gets at a table before it is done. */
async function takeCopy(sql: Pool): Promise<void> {
  const client = await sql.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ name: string }>(
      `SELECT string_agg(format('%I', tablename), ', ') AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    await client.query(`LOCK TABLE ${rows[0]?.name ?? ''} IN ACCESS SHARE MODE`);
    await waitFor('the migration', async () => ((await isMigrating(sql)) ? true : undefined), {
      timeoutMs: 60_000,
    }).catch(() => undefined); // a release without migrations
    await pause(COPY_MS);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

async function isMigrating(sql: Pool): Promise<boolean> {
  const { rows } = await sql.query(
    `SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND application_name = 'arremate-migrate'`,
  );
  return rows.length > 0;
}

async function migrationsOf(sql: Pool): Promise<readonly string[]> {
  const { rows } = await sql.query<{ name: string }>('SELECT name FROM migration ORDER BY id');
  return rows.map(({ name }) => name);
}

async function outcomes(sql: Pool, { requests }: RolloutLoad): Promise<Readonly<Record<string, number>>> {
  const { rows } = await sql.query<{ status: string; count: number }>(
    `SELECT status, count(*)::int FROM auction WHERE issuer_proposal_request_key = ANY ($1) GROUP BY 1 ORDER BY 1`,
    [requests],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

void main();
