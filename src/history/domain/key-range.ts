/** So many characters of a key are rarely those of two. */
export const SHORTEST_PREFIX = 8;

const LEAST = '00000000-0000-0000-0000-000000000000';
const GREATEST = LEAST.replaceAll('0', 'f');
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
/** Comes after every other character of UTF-8, byte by byte. */
const LAST_CHARACTER = '\u{10FFFF}';

export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

/** The texts that begin so, in the order of their bytes; undefined for a prefix that is too short to find few. */
export function textsFrom(prefix: string): KeyRange | undefined {
  return prefix.length < SHORTEST_PREFIX ? undefined : { from: prefix, to: prefix + LAST_CHARACTER };
}

/** The UUIDs that begin so; undefined where none can. */
export function uuidsFrom(prefix: string): KeyRange | undefined {
  if (prefix.length < SHORTEST_PREFIX) return undefined;
  const begin = prefix.toLowerCase();
  const [from, to] = [begin + LEAST.slice(begin.length), begin + GREATEST.slice(begin.length)];
  return UUID.test(from) ? { from, to } : undefined;
}
