import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { runningEmbeddedPostgres, startEmbeddedPostgres, stopEmbeddedPostgres } from './embedded-postgres';
import { LaunchError } from './launch-error';
import { locatePostgresBinaries } from './postgres-binaries';
import { chooseIdentity } from './postgres-identity';
import { givePassword } from './service-password';

/** Longer than what is tried for any other reason. */
const STUCK_MS = 4_000;

let parent: string;
let home: string;

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'arremate-launcher-'));
  chmodSync(parent, 0o755);
  home = join(parent, 'postgres');
});

afterAll(async () => {
  await stopEmbeddedPostgres(home);
  rmSync(parent, { recursive: true, force: true });
});

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: statement, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

const postmasterPid = (): number =>
  Number(readFileSync(join(home, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);

/** One server goes through its life in the order of these tests. */
describe('the embedded PostgreSQL', () => {
  test('is made at the first start: durable, on the loopback interface, behind a password', async () => {
    const postgres = await startEmbeddedPostgres(home);
    expect(postgres.adopted).toBe(false);
    const settings = [
      'fsync',
      'listen_addresses',
      'unix_socket_directories',
      'password_encryption',
      'TimeZone',
    ];
    expect(
      await query(postgres.url, `SELECT ${settings.map((name) => `current_setting('${name}')`).join(', ')}`),
    ).toEqual(['on', '127.0.0.1', '', 'scram-sha-256', 'UTC']);
    await query(postgres.url, 'CREATE TABLE kept (n int)');
    const wrong = new URL(postgres.url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect(statSync(join(home, 'password')).mode & 0o077).toBe(0);
    expect(runningEmbeddedPostgres(home)).toBe(postgres.url);
  });

  test('lets the service in with a password that was made anew', async () => {
    const { url } = await startEmbeddedPostgres(home);
    const service = new URL(url);
    service.username = 'arremate_service';
    service.password = 'anew';
    await givePassword(url, service.href); // before there is such a role
    await query(url, `CREATE ROLE arremate_service LOGIN PASSWORD 'former'`);
    await expect(query(service.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    await givePassword(url, service.href);
    expect(await query(service.href, 'SELECT 1')).toEqual([1]);
  });

  test('is taken over while it runs', async () => {
    const pid = postmasterPid();
    const postgres = await startEmbeddedPostgres(home);
    expect(postgres.adopted).toBe(true);
    expect(postmasterPid()).toBe(pid);
  });

  test('recovers after kill -9, on the same port, with its data', async () => {
    const url = runningEmbeddedPostgres(home);
    process.kill(postmasterPid(), 'SIGKILL');
    const postgres = await startEmbeddedPostgres(home);
    expect(postgres.url).toBe(url);
    expect(await query(postgres.url, 'SELECT count(*)::int FROM kept')).toEqual([0]);
  });

  test('waits for a child of a killed one that is long in ending', async () => {
    const client = new Client({ connectionString: runningEmbeddedPostgres(home) });
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const child = rows[0]?.pid ?? 0;
    process.kill(child, 'SIGSTOP');
    process.kill(postmasterPid(), 'SIGKILL');
    setTimeout(() => process.kill(child, 'SIGCONT'), STUCK_MS);
    const postgres = await startEmbeddedPostgres(home);
    expect(await query(postgres.url, 'SELECT count(*)::int FROM kept')).toEqual([0]);
    await client.end().catch(() => undefined);
  }, 30_000);

  test('stops, and then is not mistaken for a running one', async () => {
    const url = runningEmbeddedPostgres(home) ?? '';
    await stopEmbeddedPostgres(home);
    await expect(query(url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    expect(runningEmbeddedPostgres(home)).toBeUndefined();
  });

  test('starts although its pid file names a process of somebody else', async () => {
    const lines = [process.pid, join(home, 'cluster'), 1_700_000_000, 1, '', '127.0.0.1', '', 'ready'];
    writeFileSync(join(home, 'cluster', 'postmaster.pid'), `${lines.join('\n')}\n`);
    const postgres = await startEmbeddedPostgres(home);
    expect(postgres.adopted).toBe(false);
    await postgres.stop();
  });

  test('takes another port when its own is taken', async () => {
    const last = Number(readFileSync(join(home, 'port'), 'utf8'));
    const { createServer } = await import('node:net');
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(last, '127.0.0.1', resolve));
    const postgres = await startEmbeddedPostgres(home);
    expect(new URL(postgres.url).port).not.toBe(String(last));
    await postgres.stop();
    squatter.close();
  });

  test.each([
    ['of another major version', 'PG_VERSION', '14\n', /made by PostgreSQL 14/],
    ['whose password is lost', '../password', undefined, /password is missing/],
  ])('refuses a database %s, and says what to do', async (_, file, text, message) => {
    const path = join(home, 'cluster', file);
    const original = readFileSync(path);
    if (text === undefined) rmSync(path);
    else writeFileSync(path, text);
    const failure: unknown = await startEmbeddedPostgres(home).catch((error: unknown) => error);
    writeFileSync(path, original);
    expect(failure).toBeInstanceOf(LaunchError);
    expect(String(failure)).toMatch(message);
    expect(String(failure)).toMatch(/\n {2}\S/);
    // What lies beside the database speaks of its history.
    expect(String(failure)).toContain(`or move ${parent} away to start with an empty database`);
  });
});

test('the libraries have their links, whether or not npm ran installation scripts', () => {
  const native = join(locatePostgresBinaries().postgres, '..', '..');
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { target: string }[]) : [];
  const [first] = links;
  if (first !== undefined) rmSync(join(native, '..', first.target));
  locatePostgresBinaries();
  expect(links.filter(({ target }) => !existsSync(join(native, '..', target)))).toEqual([]);
});

if (process.getuid?.() === 0) {
  describe('as root, where no user namespace can be made', () => {
    const binaries = { ...locatePostgresBinaries(), postgres: '/bin/true' };

    test('an unprivileged account runs it and owns its directory', async () => {
      const directory = join(parent, 'given-away');
      const identity = await chooseIdentity(directory, binaries, 'no-such-program');
      const { output } = await identity.run('id', ['-u']);
      expect(Number(output)).toBeGreaterThan(0);
      expect(statSync(directory).uid).toBe(Number(output));
    });

    test('a directory that account cannot reach is refused, and what to do is said', async () => {
      const locked = join(parent, 'locked');
      mkdirSync(locked, { mode: 0o700 });
      const attempt = chooseIdentity(join(locked, 'inside'), binaries, 'no-such-program');
      await expect(attempt).rejects.toThrow(/plain user, or set DATABASE_URL/);
    });
  });
}
