import { createHash } from 'node:crypto';
import type { ExternalList } from './domain';

const WIDTH = 14; // the longest entry there is: a CNPJ
const FIRST_CAPACITY = 1024;

/**
 * Entries side by side in one buffer, sorted: 14 bytes each, so that a million CPFs are 14 MB and not a million
 * strings. Shorter entries end in NUL, which no entry contains.
 */
export class PackedList implements ExternalList {
  readonly sha256: string;
  readonly #needle = Buffer.alloc(WIDTH);

  private constructor(
    private readonly entries: Buffer,
    readonly size: number,
  ) {
    const hash = createHash('sha256');
    for (const entry of this) hash.update(`${entry}\n`);
    this.sha256 = hash.digest('hex');
  }

  /** @param packed entries in any order, repeats allowed. */
  static of(packed: PackedEntries): PackedList {
    const { bytes, count } = packed;
    const order = Uint32Array.from({ length: count }, (_, at) => at);
    const compare = (a: number, b: number): number =>
      bytes.compare(bytes, b * WIDTH, (b + 1) * WIDTH, a * WIDTH, (a + 1) * WIDTH);
    order.sort(compare);
    const sorted = Buffer.alloc(count * WIDTH);
    let size = 0;
    order.forEach((at, index) => {
      const before = order[index - 1];
      if (before !== undefined && compare(before, at) === 0) return;
      bytes.copy(sorted, size * WIDTH, at * WIDTH, (at + 1) * WIDTH);
      size += 1;
    });
    return new PackedList(sorted.subarray(0, size * WIDTH), size);
  }

  has(value: string): boolean {
    if (value.length > WIDTH) return false;
    this.#needle.fill(0);
    this.#needle.write(value, 'latin1');
    let [from, below] = [0, this.size];
    while (from < below) {
      const middle = (from + below) >>> 1;
      const order = this.entries.compare(this.#needle, 0, WIDTH, middle * WIDTH, (middle + 1) * WIDTH);
      if (order === 0) return true;
      if (order < 0) from = middle + 1;
      else below = middle;
    }
    return false;
  }

  /** In their order. */
  *[Symbol.iterator](): Generator<string> {
    for (let at = 0; at < this.size; at += 1) {
      yield this.entries.toString('latin1', at * WIDTH, (at + 1) * WIDTH).replace(/\0+$/, '');
    }
  }
}

/** Entries as they come in. */
export class PackedEntries {
  #bytes = Buffer.alloc(FIRST_CAPACITY * WIDTH);
  #count = 0;

  get bytes(): Buffer {
    return this.#bytes;
  }
  get count(): number {
    return this.#count;
  }

  /** @param entry letters and digits, already known to have the form of its field. */
  add(entry: string): void {
    const at = this.#count * WIDTH;
    if (at === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(at)]);
    this.#bytes.write(entry, at, WIDTH, 'latin1');
    this.#count += 1;
  }
}
