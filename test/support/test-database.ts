import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** Set by the global setup for the test files of a run, which jest runs in processes of their own. */
const SERVER = 'ARREMATE_TEST_SERVER_URL';
const PREFIX = 'ARREMATE_TEST_DATABASE_PREFIX';
const SERVICE_PASSWORD = 'of the tests';

export interface TestDatabase {
  /** As its owner: who writes and breaks what a test needs. */
  readonly url: string;
  /** As the role that the service works under. */
  readonly serviceUrl: string;
  /** For what the service's role may not: triggers, constraints, other sessions. @returns the rows */
  readonly asOwner: (statement: string) => Promise<unknown[]>;
  /** Throws everybody out and lets nobody in for so long. */
  cutFor(ms: number): Promise<void>;
  /** A copy of what is committed, as a backup would hold it. Throws everybody out. @returns its name */
  copy(): Promise<string>;
  /** The copy takes the database's place, under its address; whoever has it open is thrown out. */
  goBackTo(copy: string): Promise<void>;
  /** Ends the connections that are still open, then removes the database. */
  drop(): Promise<void>;
}

/**
 * A database of one's own with every migration applied: a copy of the run's template, made in milliseconds.
 *
 *     let database: TestDatabase;
 *     beforeAll(async () => { database = await createTestDatabase(); });
 *     afterAll(() => database.drop());
 *
 * @param contents nothing: without any table, for whoever migrates it
 */
export async function createTestDatabase(contents: 'schema' | 'nothing' = 'schema'): Promise<TestDatabase> {
  const { server, prefix } = currentRun();
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  const template = contents === 'schema' ? templateName(prefix) : 'template0';
  await administer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return databaseNamed(server, name);
}

/** A database without any table on a server of one's own: for programs that run outside jest. @returns its URL */
export async function emptyDatabase(server: string): Promise<string> {
  return (await ownDatabase(server)).url;
}

/** The same, to be copied and gone back to. */
export async function ownDatabase(server: string): Promise<TestDatabase> {
  const name = `arremate_${randomBytes(4).toString('hex')}`;
  await administer(server, `CREATE DATABASE ${name}`);
  return databaseNamed(server, name);
}

/** One that is there already. */
export function databaseNamed(server: string, name: string): TestDatabase {
  const closed = async (work: () => Promise<unknown>): Promise<void> => {
    await administer(server, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await administer(
      server,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    );
    await work();
    await administer(server, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  };
  const drop = async (): Promise<void> => {
    await administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  };
  return {
    url: databaseUrl(server, name),
    serviceUrl: asService(databaseUrl(server, name)),
    asOwner: (statement) => administer(databaseUrl(server, name), statement),
    cutFor: (ms) => closed(() => new Promise((resolve) => setTimeout(resolve, ms))),
    copy: async () => {
      const copy = `${name}_${randomBytes(2).toString('hex')}`;
      await closed(() => administer(server, `CREATE DATABASE ${copy} TEMPLATE ${name}`));
      return copy;
    },
    goBackTo: async (copy) => {
      await drop();
      await administer(server, `ALTER DATABASE ${copy} RENAME TO ${name}`);
    },
    drop,
  };
}

/** A database of this run as the role that the service works under; as it is on other servers, which have no such role. */
export function asService(databaseUrl: string): string {
  const prefix = process.env[PREFIX];
  const url = new URL(databaseUrl);
  if (prefix === undefined || !url.pathname.startsWith(`/${prefix}_`)) return databaseUrl;
  url.username = serviceRole(prefix);
  url.password = encodeURIComponent(SERVICE_PASSWORD);
  return url.href;
}

function currentRun(): { server: string; prefix: string } {
  const server = process.env[SERVER];
  const prefix = process.env[PREFIX];
  if (server === undefined || prefix === undefined) {
    throw new Error(
      'No test server: this test belongs into test/integration or test/e2e, or run it through jest',
    );
  }
  return { server, prefix };
}

/** For the global setup: names the databases of this run and makes the empty template. */
export async function openRun(server: string): Promise<{ templateUrl: string }> {
  const prefix = `arremate_test_${randomBytes(4).toString('hex')}`;
  process.env[SERVER] = server;
  process.env[PREFIX] = prefix;
  await administer(server, `CREATE DATABASE ${templateName(prefix)} TEMPLATE template0`);
  return { templateUrl: databaseUrl(server, templateName(prefix)) };
}

/** For the global teardown: removes every database of this run, also those that a killed test file left. */
export async function closeRun(): Promise<void> {
  const { server, prefix } = currentRun();
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    const left = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [`${prefix}_`],
    );
    for (const { datname } of left.rows)
      await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
    await client.query(`DROP ROLE IF EXISTS ${serviceRole(prefix)}`);
  } finally {
    await client.end();
  }
}

function serviceRole(prefix: string): string {
  return `${prefix}_service`;
}

function templateName(prefix: string): string {
  return `${prefix}_template`;
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function administer(server: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    return (await client.query<object>(statement)).rows;
  } finally {
    await client.end();
  }
}
