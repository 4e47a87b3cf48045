import type { DataSource } from 'typeorm';

/**
 * Has something happen, by other hands, just before the next statement in which this text stands.
 *
 * @param work what happens; its own statements are not looked at
 * @returns resolves when that statement has been answered
 */
export function justBefore(
  dataSource: DataSource,
  text: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const query = dataSource.query.bind(dataSource);
  return new Promise((resolve, reject) => {
    const spy = jest.spyOn(dataSource, 'query').mockImplementation(async (sql: string, ...rest) => {
      if (!sql.includes(text)) return (await query(sql, ...rest)) as unknown;
      spy.mockRestore();
      await work().catch(reject);
      const answer = (await query(sql, ...rest)) as unknown;
      resolve();
      return answer;
    });
  });
}
