/** Keeps the most recently used values, never more than `capacity`. */
export class BoundedCache<Value> {
  private readonly entries = new Map<string, Value>();

  constructor(readonly capacity: number) {}

  get size(): number {
    return this.entries.size;
  }

  /** The value kept under `key`, else the one `make` builds, which is kept in its turn. */
  getOrMake(key: string, make: () => Value): Value {
    const kept = this.entries.get(key);
    if (kept !== undefined) {
      this.entries.delete(key);
      this.entries.set(key, kept);
      return kept;
    }
    const made = make();
    this.entries.set(key, made);
    if (this.entries.size > this.capacity) this.dropOldest();
    return made;
  }

  private dropOldest(): void {
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest);
      return;
    }
  }
}
