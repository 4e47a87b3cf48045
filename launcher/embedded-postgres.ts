import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { LaunchError } from './launch-error';
import { findFreePort, isPortFree } from './ports';
import { locatePostgresBinaries, type PostgresBinaries } from './postgres-binaries';
import { chooseIdentity, type PostgresIdentity } from './postgres-identity';
import { commandLineOf, eventually, isAlive } from './processes';

export interface RunningPostgres {
  /** With the password: for processes of ours, never for a log. */
  readonly url: string;
  /** The server was already running, left by a run that was killed. */
  readonly adopted: boolean;
  stop(): Promise<void>;
  /** Without waiting and without a checkpoint: the next start recovers from the log. */
  kill(): void;
}

export interface EmbeddedPostgresOptions {
  /** Lines of postgresql.conf that differ from ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

const USER = 'arremate';
const DATABASE = 'arremate';
const START_TIMEOUT_S = 60;
const STOP_TIMEOUT_S = 6;
const RETRY_MS = 1_000;
/** Somebody may take the port between our look and PostgreSQL's. */
const TRIES = 3;
/** The children of a server that was killed end by themselves; one that waits for a slow disk does so late. */
const CHILDREN_END_WITHIN_MS = 60_000;
const CHILDREN_LIVE = 'pre-existing shared memory block';
const PORT_WAIT_MS = 1_000;
/** Beyond the highest process number of every system. */
const NO_PROCESS = 2 ** 22 + 1;

const defaultSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // A backend notices within this time that its client was killed, and lets go of what it had locked.
  ...(process.platform === 'win32' ? {} : { client_connection_check_interval: '500ms' }),
};

/**
 * Starts the PostgreSQL that npm installed, on the loopback interface, with its files in `home`; makes the
 * cluster and the database at the first start, and takes over a server that already runs there.
 *
 *     home/cluster       the data directory        home/password   generated once, readable by its owner
 *     home/server.log    PostgreSQL's own log      home/port       chosen free once, kept while it is free
 *
 * @throws LaunchError that says what to do.
 */
export async function startEmbeddedPostgres(
  home: string,
  { settings = {} }: EmbeddedPostgresOptions = {},
): Promise<RunningPostgres> {
  const binaries = locatePostgresBinaries();
  const identity = await chooseIdentity(home, binaries);
  const cluster = new Cluster(home, binaries, identity);
  await cluster.initialiseOnce();
  cluster.assertSameMajor();
  const adopted = await cluster.isRunning();
  const port = adopted ? cluster.runningPort() : await cluster.start({ ...defaultSettings, ...settings });
  await cluster.ensureDatabase(port);
  return {
    url: cluster.url(port, DATABASE),
    adopted,
    stop: () => cluster.stop(),
    kill: () => {
      cluster.kill();
    },
  };
}

/** The URL of the server that runs in `home`, if one does; starts nothing. */
export function runningEmbeddedPostgres(home: string): string | undefined {
  const postmaster = readPostmaster(join(home, 'cluster'));
  if (postmaster === undefined || !isAlive(postmaster.pid)) return undefined;
  return urlOf(home, postmaster.port, DATABASE);
}

/** Stops the server that runs in `home`, if one does. */
export async function stopEmbeddedPostgres(home: string): Promise<void> {
  if (readPostmaster(join(home, 'cluster')) === undefined) return;
  const binaries = locatePostgresBinaries();
  await new Cluster(home, binaries, await chooseIdentity(home, binaries)).stop();
}

interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

function readPostmaster(cluster: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]) };
  } catch {
    return undefined;
  }
}

function urlOf(home: string, port: number, database: string): string {
  const password = readFileSync(join(home, 'password'), 'utf8');
  return `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`;
}

class Cluster {
  private readonly directory: string;
  private readonly log: string;

  constructor(
    private readonly home: string,
    private readonly binaries: PostgresBinaries,
    private readonly identity: PostgresIdentity,
  ) {
    this.directory = join(home, 'cluster');
    this.log = join(home, 'server.log');
  }

  /** What lies beside the database speaks of its history: with another one it would be taken for a restored copy. */
  private get wayToStartEmpty(): string {
    return `move ${dirname(this.home)} away to start with an empty database`;
  }

  url(port: number, database: string): string {
    return urlOf(this.home, port, database);
  }

  /** Makes the cluster beside its place and moves it there when it is whole: a kill leaves no half of one. */
  async initialiseOnce(): Promise<void> {
    const passwordFile = join(this.home, 'password');
    if (existsSync(join(this.directory, 'PG_VERSION'))) {
      if (existsSync(passwordFile)) return;
      throw new LaunchError(
        `${passwordFile} is missing, so nobody can enter the database in ${this.directory}.`,
        `Put the file back, or ${this.wayToStartEmpty}.`,
      );
    }
    if (!existsSync(passwordFile))
      writeFileSync(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
    this.identity.give(passwordFile);
    const unfinished = `${this.directory}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    const { code, output } = await this.identity.run(this.binaries.initdb, [
      `--pgdata=${unfinished}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ]);
    if (code !== 0) throw this.failure('initdb failed', output);
    writeFileSync(join(unfinished, 'postgresql.conf'), "include 'arremate.conf'\n");
    renameSync(unfinished, this.directory);
  }

  assertSameMajor(): void {
    const made = readFileSync(join(this.directory, 'PG_VERSION'), 'utf8').trim();
    if (made === this.binaries.major) return;
    throw new LaunchError(
      `The database in ${this.directory} was made by PostgreSQL ${made}; the installed one is ${this.binaries.major}.`,
      `Set DATABASE_URL to a server that holds the data, or ${this.wayToStartEmpty}.`,
    );
  }

  /** Whether a server runs in this data directory; waits for one that still starts, recovers or dies. */
  async isRunning(): Promise<boolean> {
    const postmaster = readPostmaster(this.directory);
    if (postmaster === undefined) return false;
    const { pid, port } = postmaster;
    const lives = (): boolean => isAlive(pid) && (commandLineOf(pid) ?? 'postgres').includes('postgres');
    if (!(await eventually(async () => !lives() || (await this.accepts(port)), START_TIMEOUT_S * 1000))) {
      throw new LaunchError(
        `A PostgreSQL server (pid ${pid}) holds ${this.directory} but takes no connections on port ${port}.`,
        `Read ${this.log}. To end it: kill -INT ${pid}`,
      );
    }
    if (lives()) return true;
    if (isAlive(pid)) this.disownPid();
    return false;
  }

  /**
   * The number in the pid file is another program's by now, which PostgreSQL would take for a running server.
   * Only the number is changed, for by the rest of the file it finds children of the dead one that still live.
   */
  private disownPid(): void {
    const file = join(this.directory, 'postmaster.pid');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(NO_PROCESS)));
  }

  runningPort(): number {
    const postmaster = readPostmaster(this.directory);
    if (postmaster === undefined) throw this.failure('PostgreSQL stopped while it was being taken over', '');
    return postmaster.port;
  }

  /** @returns the port */
  async start(settings: Readonly<Record<string, string>>): Promise<number> {
    const patientUntil = performance.now() + CHILDREN_END_WITHIN_MS;
    let failures = 0;
    for (;;) {
      const port = await this.choosePort();
      this.writeSettings({ ...settings, port: String(port) });
      const outcome = await this.identity.run(this.binaries.pgCtl, [
        'start',
        '--wait',
        `--timeout=${START_TIMEOUT_S}`,
        `--pgdata=${this.directory}`,
        `--log=${this.log}`,
      ]);
      if (outcome.code === 0) return port;
      const problem = `${outcome.output}\n${this.endOfLog()}`;
      if (!problem.includes(CHILDREN_LIVE)) failures += 1;
      if (failures === TRIES || performance.now() > patientUntil)
        throw this.failure('PostgreSQL did not start', problem);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async ensureDatabase(port: number): Promise<void> {
    const client = new Client({ connectionString: this.url(port, 'postgres'), ssl: false });
    await client.connect();
    try {
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    const stop = (mode: string) =>
      this.identity.run(this.binaries.pgCtl, [
        'stop',
        '--wait',
        `--timeout=${STOP_TIMEOUT_S}`,
        `--mode=${mode}`,
        `--pgdata=${this.directory}`,
      ]);
    if ((await stop('fast')).code !== 0 && readPostmaster(this.directory) !== undefined)
      await stop('immediate');
  }

  kill(): void {
    const postmaster = readPostmaster(this.directory);
    if (postmaster !== undefined && isAlive(postmaster.pid)) process.kill(postmaster.pid, 'SIGQUIT');
  }

  private async accepts(port: number): Promise<boolean> {
    const client = new Client({
      connectionString: this.url(port, 'postgres'),
      ssl: false,
      connectionTimeoutMillis: 1000,
    });
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private async choosePort(): Promise<number> {
    const file = join(this.home, 'port');
    const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    // One that was killed a moment ago may still be letting go of it.
    if (last > 0 && (await eventually(() => isPortFree(last), PORT_WAIT_MS))) return last;
    const port = await findFreePort();
    writeFileSync(file, String(port));
    return port;
  }

  private writeSettings(settings: Readonly<Record<string, string>>): void {
    const lines = Object.entries(settings).map(
      ([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`,
    );
    const header = '# Written by launcher/embedded-postgres.ts at every start.';
    const file = join(this.directory, 'arremate.conf');
    writeFileSync(file, [header, ...lines, ''].join('\n'));
    this.identity.give(file);
  }

  private endOfLog(): string {
    return existsSync(this.log)
      ? readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-8).join('\n')
      : '';
  }

  private failure(problem: string, output: string): LaunchError {
    return new LaunchError(
      `${problem} (${this.directory}).\n${output}`,
      `Its log is ${this.log}. To do without it, set DATABASE_URL to a PostgreSQL server (15 or newer).`,
    );
  }
}
