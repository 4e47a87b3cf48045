import { isDatabaseAway } from '../database/database-away';

const MOST_TOLD = 5;

/**
 * Does the work of each one, one after the other, whatever becomes of the others: one that fails every time would hide for
 * ever all that come behind it. A database that is away is nobody's own failure: then the rest is left for the next time.
 *
 * @param name what an item is called in the error
 * @throws AggregateError after the last one, when any has failed; what the database says of itself, at once
 */
export async function eachApart<Item>(
  items: readonly Item[],
  name: (item: Item) => string,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const failures: Error[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      failures.push(
        new Error(`${name(item)}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        }),
      );
    }
  }
  if (failures.length === 0) return;
  const told = failures.slice(0, MOST_TOLD).map(({ message }) => message);
  throw new AggregateError(
    failures,
    `${String(failures.length)} of ${String(items.length)} failed: ${told.join('; ')}`,
  );
}
