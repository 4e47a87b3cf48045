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
