export interface PeriodicWork {
  /** From the end of one run to the beginning of the next. */
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
  /** A run that fails is reported and followed by the next one. */
  readonly onError: (error: unknown) => void;
}

/** Work that is done again and again, never twice at once, until it is stopped. */
export class Periodic {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(private readonly work: PeriodicWork) {}

  /** @param afterMs until the first run. */
  start(afterMs = this.work.everyMs): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#runOnce();
    }, afterMs);
    this.#timer.unref();
  }

  /** Resolves once a run under way has ended; there is no other after it. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #runOnce(): Promise<void> {
    try {
      await this.work.run();
    } catch (error) {
      this.work.onError(error);
    }
    if (!this.#stopped) this.start();
  }
}
