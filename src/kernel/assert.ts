/** A broken assumption of ours: never the fault of input, always a bug. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Stops the work at hand when something that cannot be is so. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** The item that must be there: what is missing stops the work instead of counting as nothing. */
export function itemAt<Item>(list: readonly Item[], index: number): Item {
  const item = list[index];
  assert(item !== undefined, `no item ${index} in a list of ${list.length}`);
  return item;
}
