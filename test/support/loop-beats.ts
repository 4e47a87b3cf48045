const EVERY_MS = 20;
/** A beat that comes later was held up. */
const HELD_MS = 60;
/** What came meanwhile is read within this time: connections first, and then what was said on them. */
const CATCHES_UP_MS = 1_000;

/** Knows since when something that is only now seen may have waited: the beats of this process's event loop. */
export class LoopBeats {
  #last = Date.now();
  #held = { from: this.#last, until: this.#last };
  readonly #timer = setInterval(() => {
    const now = Date.now();
    if (now - this.#last > HELD_MS) this.#held = { from: this.#last, until: now };
    this.#last = now;
  }, EVERY_MS).unref();

  unseenSince(): Date {
    const now = Date.now();
    if (now - this.#last > HELD_MS) return new Date(this.#last);
    return new Date(now - this.#held.until < CATCHES_UP_MS ? this.#held.from : this.#last);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

const COUNTED_EVERY_MS = 5;

/**
 * How much this process computed, at the most, before its event loop came round again while something was done; in ms of
 * the processor, so that others on the machine do not count.
 * @param tries of which the least counts: garbage is collected, and other specs end, in any of them
 */
export async function longestTurn(work: () => Promise<unknown>, tries = 1): Promise<number> {
  let least = Infinity;
  for (let left = tries; left > 0; left -= 1) least = Math.min(least, await longestTurnOf(work));
  return least;
}

async function longestTurnOf(work: () => Promise<unknown>): Promise<number> {
  let [since, longest] = [process.cpuUsage(), 0];
  const beat = (): void => {
    const { user, system } = process.cpuUsage(since);
    [since, longest] = [process.cpuUsage(), Math.max(longest, (user + system) / 1000)];
  };
  const timer = setInterval(beat, COUNTED_EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
    beat();
  }
  return longest;
}
