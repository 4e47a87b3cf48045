/**
 * The end of this process: begun in one place (AppModule), heard at once by everybody who would still begin something.
 * Nest's hooks do not do for that: each waits until the ones before it have ended what they have in hand.
 */
export class Draining {
  readonly #end = new AbortController();

  get hasBegun(): boolean {
    return this.#end.signal.aborted;
  }

  /** Aborted when it begins: ends waits that are for later. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  begin(): void {
    this.#end.abort();
  }

  onBegin(listener: () => void): void {
    this.#end.signal.addEventListener('abort', listener, { once: true });
  }
}
