/**
 * How many of something may be under way in this process: so many in all, and so many of them with any one thing in
 * common. Whoever finds no place is turned away at once: nothing queues here.
 */
export class ConcurrencyLimit {
  readonly #taken = new Map<string, number>();
  #all = 0;

  constructor(
    private readonly most: number,
    private readonly mostOfEach: number,
  ) {}

  /** @returns what gives the place back, to be called once; undefined when there is none */
  take(keys: readonly string[]): (() => void) | undefined {
    const isFull = keys.some((key) => (this.#taken.get(key) ?? 0) >= this.mostOfEach);
    if (isFull || this.#all >= this.most) return undefined;
    this.#all += 1;
    for (const key of keys) this.#add(key, 1);
    return () => {
      this.#all -= 1;
      for (const key of keys) this.#add(key, -1);
    };
  }

  #add(key: string, change: 1 | -1): void {
    const taken = (this.#taken.get(key) ?? 0) + change;
    if (taken === 0) this.#taken.delete(key);
    else this.#taken.set(key, taken);
  }
}
