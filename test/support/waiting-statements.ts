import type { DataSource } from 'typeorm';
import { waitFor } from './wait-for';

/** Waits until so many statements in this database wait for what another transaction holds. */
export function statementsToWait(dataSource: DataSource, count: number): Promise<true> {
  return waitFor(`${String(count)} statements to wait`, async () => {
    const [row] = await dataSource.query<{ waiting: number }[]>(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`,
    );
    return row?.waiting === count ? true : undefined;
  });
}

/** What a statement locks is held, however long the work takes, until it has been done. */
export async function whileHeld<T>(
  dataSource: DataSource,
  [statement, ...values]: readonly [string, ...unknown[]],
  work: () => Promise<T>,
): Promise<T> {
  const holder = dataSource.createQueryRunner();
  await holder.startTransaction();
  try {
    // Else the server would end the session of whoever is still busy elsewhere.
    await holder.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await holder.query(statement, values);
    const done = await work();
    await holder.commitTransaction();
    return done;
  } finally {
    await holder.release();
  }
}
