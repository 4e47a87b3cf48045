import fc from 'fast-check';

/** What happens to bytes on their way. `at` is a large number, taken modulo what is mutated. */
export interface Mutation {
  readonly kind: 'flip' | 'swap' | 'cut' | 'repeat';
  readonly at: number;
  readonly size: number;
}

const anyPlace = fc.noBias(fc.nat());

/** Most keep the length, so that what they change is found by its meaning. */
export const mutations: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom<Mutation['kind'][]>('flip', 'flip', 'flip', 'swap', 'swap', 'cut', 'repeat'),
  at: anyPlace,
  size: fc.integer({ min: 1, max: 40 }),
});

/** @param within only bytes from the first to before the second place are touched */
export function mutated(
  bytes: Uint8Array,
  { kind, at: any, size }: Mutation,
  [from, below]: readonly [number, number] = [0, bytes.length],
): Uint8Array {
  const at = from + (any % Math.max(below - from, 1));
  const copy = Uint8Array.from(bytes);
  if (kind === 'flip') {
    copy[at] = (copy[at] ?? 0) ^ (1 << (size % 8));
    return copy;
  }
  const end = Math.min(at + size, below);
  const [before, chunk, after] = [copy.subarray(0, at), copy.subarray(at, end), copy.subarray(end)];
  if (kind === 'cut') return Buffer.concat([before, after]);
  if (kind === 'repeat') return Buffer.concat([before, chunk, chunk, after]);
  const next = after.subarray(0, Math.max(Math.min(size, below - end), 0));
  return Buffer.concat([before, next, chunk, after.subarray(next.length)]);
}

/** Where the packed bytes of each entry of a zip file are. */
export function packedPartsOf(zip: Uint8Array): readonly (readonly [number, number])[] {
  const file = Buffer.from(zip);
  const parts: (readonly [number, number])[] = [];
  for (let at = 0; file.readUInt32LE(at) === 0x04034b50;) {
    const from = at + 30 + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28);
    at = from + file.readUInt32LE(at + 18);
    parts.push([from, at]);
  }
  return parts;
}

/** Where letters stand in tags that are neither a text nor the value of an attribute. */
export function markupIn(xml: string): {
  readonly letters: readonly number[];
  /** Of names of elements and attributes. */
  readonly names: readonly number[];
  /** Before which another letter is in the tag too, and in no value. */
  readonly gaps: readonly number[];
} {
  const [letters, names, gaps]: [number[], number[], number[]] = [[], [], []];
  for (const { 0: tag, index } of xml.matchAll(/<(?![!?])(?:"[^"]*"|'[^']*'|[^"'>])*>/g))
    for (let at = 0, quote = ''; at < tag.length; at += 1) {
      const letter = tag[at] ?? '';
      if (quote === '' || letter === quote) letters.push(index + at);
      if (quote === '' && at > 0) gaps.push(index + at);
      if (quote === '' && /[\w:]/.test(letter)) names.push(index + at);
      if (quote === '') quote = /["']/.test(letter) ? letter : '';
      else if (letter === quote) quote = '';
    }
  return { letters, names, gaps };
}
