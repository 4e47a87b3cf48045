import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Client } from 'pg';

/** What a subject and its database have used up so far. */
export interface Costs {
  readonly statements: number;
  readonly commits: number;
  readonly fsyncs: number;
  readonly walBytes: number;
  readonly serviceCpuMs: number;
  readonly postgresCpuMs: number;
}

const TICK_MS = 10;
/** PostgreSQL's processes report what they did within a second. */
const REPORTED_WITHIN_MS = 1_100;

/** Reads the operating system's and PostgreSQL's own accounts. Linux only. */
export class CostMeter {
  private constructor(
    private readonly client: Client,
    private readonly pids: readonly number[],
    private readonly postmaster: number,
  ) {}

  static async open(databaseUrl: string, pids: readonly number[]): Promise<CostMeter> {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return new CostMeter(client, pids, parentOf(rows[0]?.pid ?? 0));
  }

  close(): Promise<void> {
    return this.client.end();
  }

  async read(): Promise<Costs> {
    const cpu = {
      serviceCpuMs: this.pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0),
      postgresCpuMs: [this.postmaster, ...childrenOf(this.postmaster)].reduce(
        (sum, pid) => sum + cpuMsOf(pid),
        0,
      ),
    };
    await new Promise((resolve) => setTimeout(resolve, REPORTED_WITHIN_MS));
    const { rows } = await this.client.query<Omit<Costs, keyof typeof cpu>>(
      `SELECT
         (SELECT coalesce(sum(calls), 0)::float8 FROM pg_stat_statements JOIN pg_database ON oid = dbid
          WHERE datname = current_database() AND toplevel
            AND query !~* '^(begin|start|commit|rollback|select now)' AND query !~ 'pg_stat_') AS statements,
         (SELECT xact_commit::float8 FROM pg_stat_database WHERE datname = current_database()) AS commits,
         (SELECT coalesce(sum(fsyncs), 0)::float8 FROM pg_stat_io WHERE object = 'wal') AS fsyncs,
         (SELECT wal_bytes::float8 FROM pg_stat_wal) AS "walBytes"`,
    );
    const [counted] = rows;
    if (counted === undefined) throw new Error('PostgreSQL has no figures');
    return { ...counted, ...cpu };
  }
}

/** What was used between two readings, for each of so many. */
export function costsOfEach(before: Costs, after: Costs, count: number): Costs {
  const each = (of: (costs: Costs) => number): number => (of(after) - of(before)) / count;
  return {
    statements: each((costs) => costs.statements),
    commits: each((costs) => costs.commits),
    fsyncs: each((costs) => costs.fsyncs),
    walBytes: each((costs) => costs.walBytes),
    serviceCpuMs: each((costs) => costs.serviceCpuMs),
    postgresCpuMs: each((costs) => costs.postgresCpuMs),
  };
}

export function residentMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb ?? NaN) / 1_024;
}

function statOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
}

/** User and system time; of a process that has ended, none. */
function cpuMsOf(pid: number): number {
  try {
    const stat = statOf(pid);
    return (Number(stat[11]) + Number(stat[12])) * TICK_MS;
  } catch {
    return 0;
  }
}

function parentOf(pid: number): number {
  return Number(statOf(pid)[1]);
}

function childrenOf(pid: number): readonly number[] {
  return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}
