import { setImmediate } from 'node:timers/promises';

/** Of this thread's time, before whoever waits has a turn. */
export const AT_ONCE_MS = 5;

/** Does long work beside the auctions of this process, which are on the same thread: each of its steps takes less than that. */
export async function inTurns<T>(work: Iterator<unknown, T>): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < AT_ONCE_MS) continue;
    await setImmediate();
    since = performance.now();
  }
}
