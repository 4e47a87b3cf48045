/** Work with a limit, taken earliest limit first: a binary heap that holds each key once. */
export class DeadlineQueue<Job extends { readonly key: string; readonly limitAt: Date }> {
  readonly #heap: Job[] = [];
  readonly #keys = new Set<string>();

  get size(): number {
    return this.#heap.length;
  }

  /** @returns false when the key is queued already. */
  add(job: Job): boolean {
    if (this.#keys.has(job.key)) return false;
    this.#keys.add(job.key);
    this.#heap.push(job);
    this.#siftUp(this.#heap.length - 1);
    return true;
  }

  /** The job that `take` would give. */
  first(): Job | undefined {
    return this.#heap[0];
  }

  /** The job with the earliest limit; undefined when empty. */
  take(): Job | undefined {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return undefined;
    this.#keys.delete(first.key);
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#siftDown(0);
    }
    return first;
  }

  clear(): void {
    this.#heap.length = 0;
    this.#keys.clear();
  }

  #siftUp(from: number): void {
    for (let i = from; i > 0;) {
      const parent = (i - 1) >> 1;
      if (!this.#swapIfEarlier(i, parent)) return;
      i = parent;
    }
  }

  #siftDown(from: number): void {
    for (let i = from; ;) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      const earlier = this.#limitAt(right) < this.#limitAt(left) ? right : left;
      if (!this.#swapIfEarlier(earlier, i)) return;
      i = earlier;
    }
  }

  #swapIfEarlier(i: number, j: number): boolean {
    const [a, b] = [this.#heap[i], this.#heap[j]];
    if (a === undefined || b === undefined || a.limitAt >= b.limitAt) return false;
    this.#heap[i] = b;
    this.#heap[j] = a;
    return true;
  }

  #limitAt(i: number): number {
    return this.#heap[i]?.limitAt.getTime() ?? Infinity;
  }
}
