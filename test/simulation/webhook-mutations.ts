import type { Random } from '../../sandbox/random';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What stands where something else was expected. Numbers are written as text: JSON's own cannot hold some of them. */
const ODD: readonly string[] = [
  'null',
  'true',
  '""',
  '" "',
  '[]',
  '{}',
  '0',
  '-1',
  '1e400',
  '-0.0000000000000000000000000001',
  '99999999999999999999999999999999.99',
  '1.234567890123456789012345678901',
  '9007199254740993',
  '"NaN"',
  '"\\u0000"',
  '"\\ud800"',
  '"2026-02-30"',
  '"0000-00-00T00:00:00Z"',
  '"9999999-12-31 25:61:61"',
  '"2025-03-20T14:47:43"',
  '[[[[[[[[[[]]]]]]]]]]',
  '{"__proto__": {"x": 1}}',
  '["won", "lost"]',
  `"${'x'.repeat(5_000)}"`,
  '"\'; DROP TABLE auction; --"',
  '"\\u202e123.456.789-09"',
  '"../../etc/passwd"',
];
/** What stands where a number was, so that each of those few is tried often: beyond a column's type, and beyond sense. */
const NUMBERS = [
  '-1',
  '0.00',
  '"0"',
  '32768',
  '10001',
  '2147483648',
  '9223372036854775808',
  '92233720368547758.08',
  '999999999999.99',
  '1000000000000',
  '1e24',
  '1234.5600000000001',
  '0.000000000000000000000001',
] as const;
const MARK = '\u0001odd:';
const A_NUMBER = 0.4;
const WORDS = [
  'won',
  'lost',
  'signed',
  'canceled',
  'disbursed',
  'success',
  'failed',
  'constituted',
  'ongoing',
] as const;

/** A printed webhook with up to four mistakes in it, and in one of ten cases no JSON any more. @param keys that exist here */
export function mutated(random: Random, printed: string, keys: readonly string[]): Buffer {
  const document = JSON.parse(printed) as Json;
  const rekeyed = keys.length > 0 && random.chance(0.6) ? withKeys(document, random, keys) : document;
  let mistaken = rekeyed;
  for (let left = random.integer(0, 4); left > 0; left -= 1) mistaken = withMistake(mistaken, random);
  // The same mistake twice is another webhook all the same.
  if (isObject(mistaken)) mistaken['simulated_nonce'] = random.digits(9);
  const text = JSON.stringify(random.chance(0.1) ? { webhook: mistaken } : mistaken).replaceAll(
    /"\\u0001odd:(\d+)"/g,
    (_, index: string) => [...ODD, ...NUMBERS][Number(index)] ?? 'null',
  );
  return random.chance(0.1) ? damaged(Buffer.from(text), random) : Buffer.from(text);
}

/** Every leaf named like a key names something that exists. */
function withKeys(value: Json, random: Random, keys: readonly string[]): Json {
  if (Array.isArray(value)) return value.map((one) => withKeys(one, random, keys));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      /(^|_)key$/.test(name) && typeof inner === 'string'
        ? (keys[random.integer(0, keys.length - 1)] ?? inner)
        : withKeys(inner, random, keys),
    ]),
  );
}

function withMistake(value: Json, random: Random): Json {
  const places = placesIn(value);
  const numbers = places.filter((each) => typeof each.value === 'number');
  const isNumber = numbers.length > 0 && random.chance(A_NUMBER);
  const among = isNumber ? numbers : places;
  const place = among[random.integer(0, Math.max(0, among.length - 1))];
  if (place === undefined) return value;
  const { holder, name } = place;
  const set = (next: Json): void => {
    if (Array.isArray(holder)) holder[Number(name)] = next;
    else holder[name] = next;
  };
  if (isNumber) {
    set(`${MARK}${ODD.length + random.integer(0, NUMBERS.length - 1)}`);
    return value;
  }
  switch (random.weighted({ odd: 6, word: 1, gone: 2, doubled: 1, renamed: 1 })) {
    case 'odd':
      set(`${MARK}${random.integer(0, ODD.length - 1)}`);
      break;
    case 'word':
      set(random.pick(WORDS));
      break;
    case 'gone':
      if (Array.isArray(holder)) holder.splice(Number(name), 1);
      else Reflect.deleteProperty(holder, name);
      break;
    case 'doubled':
      set([structuredClone(place.value), structuredClone(place.value)]);
      break;
    default:
      if (!Array.isArray(holder)) holder[`${name}_`] = place.value;
  }
  return value;
}

interface Place {
  readonly holder: Json[] | { [name: string]: Json };
  readonly name: string;
  readonly value: Json;
}

function placesIn(value: Json): readonly Place[] {
  if (!Array.isArray(value) && !isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    { holder: value, name, value: inner },
    ...placesIn(inner),
  ]);
}

/** Cut off, or a byte of it changed. */
function damaged(bytes: Buffer, random: Random): Buffer {
  if (random.chance(0.5)) return bytes.subarray(0, random.integer(0, bytes.length));
  const copy = Buffer.from(bytes);
  copy[random.integer(0, copy.length - 1)] = random.integer(0, 255);
  return copy;
}

function isObject(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
