import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { runningEmbeddedPostgres, stopEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { findFreePort, isPortFree } from '../../launcher/ports';
import { audit } from '../support/auditor';
import { surroundings } from '../support/service-process';
import { waitFor } from '../support/wait-for';

jest.setTimeout(120_000);

let dataDir: string;
let port: number;
const started: ChildProcess[] = [];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'arremate-start-'));
  chmodSync(dataDir, 0o755); // where root has to run PostgreSQL as another user, that user must get in
  port = await findFreePort();
});

afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await stopEmbeddedPostgres(join(dataDir, 'postgres'));
  rmSync(dataDir, { recursive: true, force: true });
});

interface Start {
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly output: () => string;
  readonly prints: (text: RegExp) => Promise<true>;
}

/** What npm start runs, with an installation and ports of its own. */
function npmStart(settings: Readonly<Record<string, string>> = {}): Start {
  let printed = '';
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    env: {
      ...surroundings,
      npm_lifecycle_event: undefined,
      PORT: String(port),
      ARREMATE_DATA_DIR: dataDir,
      SANDBOX_AUCTIONS_PER_MINUTE: '600',
      ARREMATE_DEMO_HISTORY: '0',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const collect = (chunk: Buffer): void => {
    printed += chunk.toString('utf8');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return {
    process: child,
    exited: new Promise((resolve) => child.once('close', resolve)),
    output: () => printed,
    prints: (text) =>
      waitFor(
        `${String(text)} on the terminal`,
        () => {
          if (text.test(printed)) return true;
          if (child.exitCode !== null) throw new Error(`It has ended, and printed:\n${printed}`);
          return undefined;
        },
        { timeoutMs: 60_000 },
      ),
  };
}

async function ask(path: string): Promise<Record<string, unknown>> {
  const token = readFileSync(join(dataDir, 'api-token'), 'utf8');
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

async function auctions(): Promise<number> {
  return ((await ask('auctions'))['items'] as unknown[]).length;
}

test('with nothing set it bids on auctions; after kill -9 it does so again; Ctrl-C leaves nothing behind', async () => {
  const first = npmStart();
  await first.prints(/auction +\S+ +bid /);
  expect(await auctions()).toBeGreaterThan(0);
  first.process.kill('SIGKILL');

  const second = npmStart();
  await second.prints(/PostgreSQL was still running and is taken over/);
  await second.prints(/auction +\S+ +bid /);

  const asked = performance.now();
  second.process.kill('SIGINT');
  expect(await second.exited).toBe(0);
  expect(performance.now() - asked).toBeLessThan(10_000);
  expect(await isPortFree(port)).toBe(true);
  expect(runningEmbeddedPostgres(join(dataDir, 'postgres'))).toBeUndefined();
});

const DEMO = { ARREMATE_DEMO_HISTORY: '8', SANDBOX_AUCTIONS_PER_MINUTE: '60', SANDBOX_STEP_SECONDS: '1' };

test('the first start lays down a history as the product would have written it, and the second goes on with it', async () => {
  const first = npmStart(DEMO);
  await first.prints(/The history is laid down/);
  await first.prints(/Arremate runs/);
  await withDatabase(async (sql) => {
    const past = `received_at < now() - interval '1 hour'`;
    expect(await keys(sql, `SELECT DISTINCT status AS key FROM auction WHERE ${past}`)).toEqual(
      expect.arrayContaining(['declined', 'lost', 'won']),
    );
    const late = `created_at - received_at > interval '1 minute'`;
    expect(await keys(sql, `SELECT issuer_proposal_request_key AS key FROM auction WHERE ${late}`)).toEqual(
      [],
    );
    expect(await keys(sql, `SELECT state AS key FROM policy_version ORDER BY number`)).toEqual([
      'retired',
      'active',
    ]);
    expect(await keys(sql, `SELECT nspname AS key FROM pg_namespace WHERE nspname LIKE 'demo%'`)).toEqual([]);
    const decided = `SELECT auction_key AS key FROM decision ORDER BY decided_at LIMIT 3`;
    for (const key of await keys(sql, decided))
      expect(await ask(`auctions/${key}/replay`)).toMatchObject({ identical: true });
    await audit(sql);
  });
  const verified = spawnSync(process.execPath, ['scripts/run.mjs', '--database', 'audit', 'verify'], {
    env: { ...surroundings, ARREMATE_DATA_DIR: dataDir },
  });
  expect(verified.status).toBe(0);
  expect(verified.stderr.toString()).toMatch(
    /^DATABASE_URL is not set: .*\nDatabase: arremate at 127\.0\.0\.1:\d+$/m,
  );
  first.process.kill('SIGINT');
  await first.exited;

  const second = npmStart(DEMO);
  await second.prints(/auction +\S+ +bid /);
  expect(second.output()).not.toMatch(/laying down/);
  // Whatever QI had to do about loans of the first run, it has done.
  const waiting = `SELECT operation.credit_operation_key AS key FROM operation JOIN auction ON auction_key = issuer_proposal_request_key
    WHERE operation.status IN ('signed', 'authorized', 'reserved') AND received_at < now() - interval '5 minutes'`;
  await withDatabase((sql) =>
    waitFor(
      'the loans of the first run to go on',
      async () => ((await keys(sql, waiting)).length === 0 ? true : undefined),
      { timeoutMs: 60_000 },
    ),
  );
});

async function withDatabase(work: (sql: Pool) => Promise<unknown>): Promise<void> {
  const sql = new Pool({ connectionString: runningEmbeddedPostgres(join(dataDir, 'postgres')) });
  sql.on('error', () => undefined);
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

async function keys(sql: Pool, query: string): Promise<string[]> {
  return (await sql.query<{ key: string }>(query)).rows.map(({ key }) => key);
}

test('a second start on the same data is refused, and does not disturb the first', async () => {
  const first = npmStart();
  await first.prints(/Arremate runs/);
  const second = npmStart({ PORT: String(await findFreePort()) });
  expect(await second.exited).toBe(1);
  expect(second.output()).toContain(`already running here (pid ${first.process.pid ?? 0})`);
  const before = await auctions();
  await waitFor('another auction', async () => ((await auctions()) > before ? true : undefined));
});

test('a taken port is one clear line', async () => {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
  const { exited, output } = npmStart();
  expect(await exited).toBe(1);
  squatter.close();
  expect(output()).toMatch(new RegExp(`^PORT ${port} is taken by process ${process.pid} `));
  expect(output()).not.toContain('    at ');
});

test('wrong settings are reported together by the service, and its exit code is passed on', async () => {
  const { exited, output } = npmStart({ ARREMATE_ROLE: 'everything', QI_TIMEOUT_MS: 'soon' });
  expect(await exited).toBe(1);
  expect(output()).toContain('ARREMATE_ROLE');
  expect(output()).toContain('QI_TIMEOUT_MS');
  expect(runningEmbeddedPostgres(join(dataDir, 'postgres'))).toBeUndefined();
});
