import { createHash } from 'node:crypto';
import type { ExternalList } from './domain';

const WIDTH = 14; // the longest entry there is: a CNPJ
const FIRST_CAPACITY = 1024;
const HASHED_AT_ONCE = 4096;
const LINE_END = 0x0a;

/** A list as threads pass it to each other: the memory is the same for all of them, and nobody writes there. */
export interface SharedList {
  readonly sha256: string;
  readonly size: number;
  readonly memory: SharedArrayBuffer;
}

/**
 * Entries side by side in one buffer, sorted: 14 bytes each, so that a million CPFs are 14 MB and not a million
 * strings. Shorter entries end in NUL, which no entry contains.
 */
export class PackedList implements ExternalList {
  readonly sha256: string;
  readonly size: number;
  private readonly entries: Buffer<SharedArrayBuffer>;
  readonly #needle = Buffer.alloc(WIDTH);

  private constructor({ sha256, size, memory }: SharedList) {
    this.sha256 = sha256;
    this.size = size;
    this.entries = Buffer.from(memory, 0, size * WIDTH);
  }

  static shared(list: SharedList): PackedList {
    return new PackedList(list);
  }

  /** @param packed entries in any order, repeats allowed. */
  static of(packed: PackedEntries): PackedList {
    const { bytes } = packed;
    const memory = new SharedArrayBuffer(packed.count * WIDTH);
    const sorted = Buffer.from(memory);
    let end = 0;
    for (const at of inOrder(packed)) {
      const from = at * WIDTH;
      const repeats = end > 0 && sorted.compare(bytes, from, from + WIDTH, end - WIDTH, end) === 0;
      if (!repeats) end += bytes.copy(sorted, end, from, from + WIDTH);
    }
    return new PackedList({ sha256: hashOf(sorted.subarray(0, end)), size: end / WIDTH, memory });
  }

  get shared(): SharedList {
    return { sha256: this.sha256, size: this.size, memory: this.entries.buffer };
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

/** Positions of the entries in their order: by the last byte, then stably by the one before it, up to the first. */
function inOrder({ bytes, count }: PackedEntries): Uint32Array {
  let order = Uint32Array.from({ length: count }, (_, at) => at);
  let next = new Uint32Array(count);
  for (let column = WIDTH - 1; column >= 0; column -= 1) {
    const byteOf = (at: number): number => bytes[at * WIDTH + column] ?? 0;
    const places = new Uint32Array(257);
    for (const at of order) places[byteOf(at) + 1] = (places[byteOf(at) + 1] ?? 0) + 1;
    for (let byte = 1; byte < 257; byte += 1) places[byte] = (places[byte] ?? 0) + (places[byte - 1] ?? 0);
    for (const at of order) {
      const place = places[byteOf(at)] ?? 0;
      next[place] = at;
      places[byteOf(at)] = place + 1;
    }
    [order, next] = [next, order];
  }
  return order;
}

/** SHA-256 of the entries, one a line. */
function hashOf(entries: Buffer): string {
  const hash = createHash('sha256');
  const text = Buffer.alloc(HASHED_AT_ONCE * (WIDTH + 1));
  let end = 0;
  for (let at = 0; at < entries.length; at += WIDTH) {
    for (let byte = at; byte < at + WIDTH && entries[byte] !== 0; byte += 1) {
      text[end] = entries[byte] ?? 0;
      end += 1;
    }
    text[end] = LINE_END;
    end += 1;
    if (end > text.length - WIDTH - 1) {
      hash.update(text.subarray(0, end));
      end = 0;
    }
  }
  return hash.update(text.subarray(0, end)).digest('hex');
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

/**
 * A stored list as it is read again: in its order, some thousands of entries at a time. Nothing is sorted, which takes seconds
 * of millions; the hash is of the entries in their order, so whoever gives the hash that was stored has them sorted.
 */
export class StoredEntries {
  readonly #hash = createHash('sha256');
  readonly #memory: SharedArrayBuffer;
  readonly #bytes: Buffer<SharedArrayBuffer>;
  #count = 0;

  /** @param size how many were stored */
  constructor(private readonly size: number) {
    this.#memory = new SharedArrayBuffer(size * WIDTH);
    this.#bytes = Buffer.from(this.#memory);
  }

  add(entries: readonly string[]): void {
    this.#hash.update(`${entries.join('\n')}\n`, 'latin1');
    for (const entry of entries) {
      if (this.#count < this.size) this.#bytes.write(entry, this.#count * WIDTH, WIDTH, 'latin1');
      this.#count += 1;
    }
  }

  /** Undefined when they are not those of this hash. */
  end(sha256: string): PackedList | undefined {
    if (this.#count !== this.size) return undefined;
    const list = this.whole();
    return list.sha256 === sha256 ? list : undefined;
  }

  /** What was added, in the order in which it was. */
  whole(): PackedList {
    return PackedList.shared({
      sha256: this.#hash.digest('hex'),
      size: this.size,
      memory: this.#memory,
    });
  }
}
