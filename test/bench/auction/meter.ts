import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { pause } from './clock';

/** What has been used so far, all rising. */
export interface Reading {
  readonly statements: number;
  readonly commits: number;
  readonly fsyncs: number;
  readonly walBytes: number;
  readonly serviceCpuMs: number;
  readonly postgresCpuMs: number;
}

/** What the server must be started with, for statements to be counted. */
export const METER_SETTINGS = {
  shared_preload_libraries: 'pg_stat_statements',
  // As much as a server of its own would have, for everybody.
  shared_buffers: '1GB',
  // No checkpoint while something is measured: the full pages that follow one would be counted to whoever comes then.
  checkpoint_timeout: '1h',
  max_wal_size: '8GB',
};

/** Backends hand their counts in at most once a second. */
const STATISTICS_MS = 1_200;
/** Linux counts CPU time in hundredths of a second. */
const TICK_MS = 10;

/** Reads what a subject's processes and the server's have used. Only one database is at work at a time. */
export class Meter {
  private constructor(
    private readonly client: Client,
    private readonly postmaster: number,
  ) {}

  /** @param home the server's directory @param url a database of it that nobody else uses */
  static async open(home: string, url: string): Promise<Meter> {
    const client = new Client(url);
    await client.connect();
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    const [pid] = readFileSync(join(home, 'cluster', 'postmaster.pid'), 'utf8').split('\n');
    return new Meter(client, Number(pid));
  }

  async checkpoint(): Promise<void> {
    await this.client.query('CHECKPOINT');
  }

  /**
   * Waits until everything that happened has been counted. What has been written is vacuumed first, for what autovacuum
   * does a minute later belongs to it, and not to whoever is measured then.
   */
  async read(databaseUrl: string, pids: readonly number[]): Promise<Reading> {
    const visitor = new Client(databaseUrl);
    await visitor.connect();
    await visitor.query('VACUUM (SKIP_DATABASE_STATS)');
    await visitor.end();
    await pause(STATISTICS_MS);
    const database = new URL(databaseUrl).pathname.slice(1);
    const { rows } = await this.client.query<{
      statements: number;
      commits: number;
      fsyncs: number;
      wal: number;
    }>(
      `SELECT xact_commit::float8 AS commits,
         (SELECT coalesce(sum(calls), 0)::float8 FROM pg_stat_statements WHERE dbid = datid) AS statements,
         (SELECT sum(fsyncs)::float8 FROM pg_stat_io WHERE object = 'wal') AS fsyncs,
         (SELECT wal_bytes::float8 FROM pg_stat_wal) AS wal
       FROM pg_stat_database WHERE datname = $1`,
      [database],
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`there is no database ${database}`);
    return {
      statements: row.statements,
      commits: row.commits,
      fsyncs: row.fsyncs,
      walBytes: row.wal,
      serviceCpuMs: pids.reduce((sum, pid) => sum + cpuMs(pid), 0),
      postgresCpuMs: this.#postgresCpuMs(),
    };
  }

  /** How often each statement was executed so far, by its text. */
  async statements(databaseUrl: string): Promise<ReadonlyMap<string, number>> {
    const { rows } = await this.client.query<{ query: string; calls: number }>(
      `SELECT query, sum(calls)::float8 AS calls FROM pg_stat_statements
       WHERE dbid = (SELECT oid FROM pg_database WHERE datname = $1) GROUP BY query`,
      [new URL(databaseUrl).pathname.slice(1)],
    );
    return new Map(rows.map(({ query, calls }) => [query, calls]));
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  /** The postmaster, its children, and those that have ended. */
  #postgresCpuMs(): number {
    const root = statOf(this.postmaster);
    if (root === undefined) return NaN;
    const children = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => statOf(Number(name)))
      .filter((stat) => stat?.parent === this.postmaster);
    return children.reduce((sum, stat) => sum + (stat?.cpuMs ?? 0), root.cpuMs + root.endedChildrenCpuMs);
  }
}

/** What lies between two readings, for each of so many auctions. */
export function perAuction(before: Reading, after: Reading, auctions: number): Reading {
  const each = (name: keyof Reading): number => (after[name] - before[name]) / auctions;
  return {
    statements: each('statements'),
    commits: each('commits'),
    fsyncs: each('fsyncs'),
    walBytes: each('walBytes'),
    serviceCpuMs: each('serviceCpuMs'),
    postgresCpuMs: each('postgresCpuMs'),
  };
}

/** Resident memory of a process; NaN where there is no /proc. */
export function rssMb(pid: number): number {
  try {
    const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kb) / 1_024;
  } catch {
    return NaN;
  }
}

function cpuMs(pid: number): number {
  return statOf(pid)?.cpuMs ?? NaN;
}

interface Stat {
  readonly parent: number;
  readonly cpuMs: number;
  readonly endedChildrenCpuMs: number;
}

/** proc(5): fields are counted from the state, behind the name in parentheses. */
function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const ticks = (first: number): number => ((fields[first] ?? 0) + (fields[first + 1] ?? 0)) * TICK_MS;
    return { parent: fields[1] ?? 0, cpuMs: ticks(11), endedChildrenCpuMs: ticks(13) };
  } catch {
    return undefined;
  }
}
