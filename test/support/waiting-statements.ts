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
