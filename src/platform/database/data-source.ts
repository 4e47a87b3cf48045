import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { KEEP_ALIVE, outliveConnection } from './pool';

const STATEMENT_TIMEOUT_MS = 10_000;
/**
 * A process that stands still in the middle of a transaction holds its locks, and whoever takes over its rows waits for
 * them: longer than a lease it may not. The server ends its session then.
 */
const IDLE_IN_TRANSACTION_MS = 4_000;

/** Those that this code knows. Only migrate() applies them. */
export const MIGRATIONS = [join(__dirname, '..', 'migrations', '*.{ts,js}')];

export interface DataSourceOptions {
  /** Connections at most. More than 8 brings nothing on two cores, but waits must not starve the hot path. */
  readonly poolSize?: number;
  readonly applicationName?: string;
  /** After so long a query has failed, even if the server or the network says nothing at all. Else when the connection is known to be broken. */
  readonly queryTimeoutMs?: number;
}

/**
 * The one way to PostgreSQL: the entities of all modules, UTC, bounded waits.
 * numeric and bigint columns arrive as text, exactly; make them Decimal where they are used.
 */
export function createDataSource(
  url: string,
  { poolSize = 16, applicationName = 'arremate', queryTimeoutMs }: DataSourceOptions = {},
): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    applicationName,
    poolSize,
    entities: [join(__dirname, '..', '..', '*', '*.entity.{ts,js}')],
    migrations: MIGRATIONS,
    synchronize: false,
    connectTimeoutMS: 5_000,
    extra: {
      options: `-c timezone=UTC -c statement_timeout=${STATEMENT_TIMEOUT_MS} -c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`,
      query_timeout: queryTimeoutMs,
      ...KEEP_ALIVE,
      onConnect: outliveConnection,
    },
  });
}
