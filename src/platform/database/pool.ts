import { Pool, type ClientBase } from 'pg';

export interface PoolOptions {
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Connections at most. */
  readonly size: number;
  /** After so long a query has failed, even if the server or the network says nothing at all. */
  readonly queryTimeoutMs: number;
  /** Of the server, for these connections. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * For every connection, above all where a statement may take as long as it needs: that the other side is gone without a word
 * (a network that drops everything, a machine without power) is known after ten seconds and ten probes of a second. The
 * kernel's own probes begin after two hours.
 */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const;

/**
 * For every connection of a pool. While it changes hands nobody hears it, and one that the server ends at that very moment
 * would end the process: whoever uses it next is told anyway.
 */
export function outliveConnection(client: ClientBase): void {
  client.on('error', () => undefined);
}

/** Connections for one purpose, apart from all others, so that it never waits behind somebody else's queries. */
export function createPool(
  url: string,
  { applicationName, size, queryTimeoutMs, settings = {} }: PoolOptions,
): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: applicationName,
    max: size,
    connectionTimeoutMillis: 3_000,
    statement_timeout: queryTimeoutMs,
    query_timeout: queryTimeoutMs + 500, // the server's own time-out is kinder, where the server can be heard
    ...KEEP_ALIVE,
    onConnect: outliveConnection,
    options: Object.entries({ timezone: 'UTC', ...settings })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
  pool.on('error', () => undefined); // an idle connection that broke: the next query opens another
  return pool;
}

/** After so many milliseconds whoever asked hears nothing any more. What was asked may be read, and done, later all the same. */
export function givesUpAfterMs(pool: Pool): number {
  const { query_timeout } = pool.options;
  if (query_timeout === undefined) throw new Error('whoever asks on these connections waits for ever');
  return query_timeout;
}
