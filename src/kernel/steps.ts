/** Long work that may be left and gone on with after each of its steps, all of which are short (`inTurns`). */
export type Steps<T> = Generator<undefined, T>;

/** What work in steps comes to, done at once. */
export function finished<T>(work: Iterator<unknown, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** `flatMap` for work in steps. */
export function* flatMapInSteps<Item, Found>(
  items: readonly Item[],
  work: (item: Item, index: number) => Steps<readonly Found[]>,
): Steps<readonly Found[]> {
  const found: (readonly Found[])[] = [];
  for (const [index, item] of items.entries()) found.push(yield* work(item, index));
  return found.flat();
}
