import type { DataSource } from 'typeorm';

/** Any number nobody else in this database locks. */
const ONE_AT_A_TIME = 7_274_201;

/** Does `work` unless somebody else takes old data away. Its connection is its own: `work` needs another. @returns undefined then */
export async function oneAtATime<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T | undefined> {
  const runner = dataSource.createQueryRunner();
  try {
    const [lock] = (await runner.query('SELECT pg_try_advisory_lock($1) AS mine', [ONE_AT_A_TIME])) as {
      mine: boolean;
    }[];
    if (lock?.mine !== true) return undefined;
    try {
      return await work();
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [ONE_AT_A_TIME]);
    }
  } finally {
    await runner.release();
  }
}
