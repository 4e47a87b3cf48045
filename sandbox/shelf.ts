/** Things by key, of which the oldest that may go are forgotten beyond a limit. */
export class Shelf<T> {
  readonly #things = new Map<string, T>();

  constructor(
    private readonly limit: () => number,
    private readonly mayGo: (thing: T) => boolean = () => true,
  ) {}

  put(key: string, thing: T): void {
    this.#things.set(key, thing);
    let surplus = this.#things.size - this.limit();
    if (surplus <= 0) return;
    for (const [each, old] of this.#things) {
      if (surplus === 0) return;
      if (each === key || !this.mayGo(old)) continue;
      this.#things.delete(each);
      surplus -= 1;
    }
  }

  find(key: string): T | undefined {
    return this.#things.get(key);
  }

  delete(key: string): void {
    this.#things.delete(key);
  }

  all(): T[] {
    return [...this.#things.values()];
  }

  get size(): number {
    return this.#things.size;
  }

  clear(): void {
    this.#things.clear();
  }
}
