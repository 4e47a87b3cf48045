/**
 * Starts something again and again: at the end of this turn when its last start is long enough ago, otherwise as soon as it
 * is. Asked for meanwhile, it starts once. So work that comes now and then is done at once, and work that comes all the
 * time is done together (docs/adr/ledger.md).
 */
export class Pace {
  readonly #everyMs: number;
  readonly #start: () => boolean;
  #lastStart = -Infinity;
  #isDue = false;
  #waiting: NodeJS.Timeout | undefined;

  /** @param start tells whether there was anything to start: only then does the wait for the next one begin */
  constructor(everyMs: number, start: () => boolean) {
    this.#everyMs = everyMs;
    this.#start = start;
  }

  /** @param atOnce a whole batch is ready: there is nothing to wait for */
  soon(atOnce = false): void {
    if (this.#isDue || (this.#waiting !== undefined && !atOnce)) return;
    clearTimeout(this.#waiting);
    const wait = atOnce ? 0 : this.#lastStart + this.#everyMs - performance.now();
    this.#waiting = wait > 0 ? setTimeout(this.#go, wait) : undefined;
    if (wait > 0) return;
    this.#isDue = true;
    setImmediate(this.#go);
  }

  readonly #go = (): void => {
    this.#isDue = false;
    this.#waiting = undefined;
    const now = performance.now();
    if (this.#start()) this.#lastStart = now;
  };
}
