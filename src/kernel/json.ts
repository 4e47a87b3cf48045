import { parse, stringify } from 'lossless-json';
import { Decimal } from './decimal';

/** JSON whose numbers are exact decimals: nothing is ever a binary float between the wire and the wire. */
export type JsonValue = null | boolean | string | Decimal | JsonValue[] | JsonObject;
export type JsonObject = { [key: string]: JsonValue };

const MAX_NUMBER_TEXT = 40;
const MAX_EXPONENT = 30;

/** A number as a decimal; one too long or too large to be an amount or a rate stays text and fails its schema. */
function readNumber(text: string): Decimal | string {
  if (text.length > MAX_NUMBER_TEXT) return text;
  const value = new Decimal(text);
  return value.isZero() || Math.abs(value.e) <= MAX_EXPONENT ? value : text;
}

/** Parses JSON text. @throws SyntaxError when it is not JSON (or nested too deep to read). */
export function parseJson(text: string): JsonValue {
  try {
    return parse(text, undefined, readNumber) as JsonValue;
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('JSON is nested too deep');
    throw error;
  }
}

const decimalsAsNumbers = [
  {
    test: (value: unknown) => Decimal.isDecimal(value),
    stringify: (value: unknown) => (value as Decimal).toFixed(),
  },
];

/** Writes JSON with decimals as number literals, digit for digit: the form QI's API takes. */
export function stringifyJson(value: unknown): string {
  const text = stringify(value, undefined, undefined, decimalsAsNumbers);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return text;
}

/** One text per meaning: keys sorted, numbers by value (100.0 is 100), no blanks. For hashing and comparing. */
export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (Decimal.isDecimal(value)) return value.toFixed();
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  return objectText(value, (member) => canonicalJson(member ?? null));
}

/**
 * The canonical text of what a value's JSON says, without writing and reading it: `canonicalJson(parseJson(JSON.stringify(
 * value)))`, to the byte. Decimals are texts, as `toJSON` makes them.
 * @throws TypeError when the value has no JSON form
 */
export function canonicalText(value: unknown): string {
  const text = textOf(value);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return text;
}

/** Undefined where JSON leaves a member out. */
function textOf(given: unknown): string | undefined {
  const value = hasToJson(given) ? given.toJSON() : given;
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return numberText(value);
    case 'boolean':
      return String(value);
    case 'object':
      break;
    default:
      return undefined;
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map((each) => textOf(each) ?? 'null').join(',')}]`;
  return objectText(value as Readonly<Record<string, unknown>>, textOf);
}

/** A decision has some 300 members: one text that grows costs half of what lists of texts do. */
function objectText<T>(
  value: Readonly<Record<string, T>>,
  textOfMember: (member: T | undefined) => string | undefined,
): string {
  let text = '';
  for (const key of inOrder(Object.keys(value))) {
    const member = textOfMember(value[key]);
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${member}`;
  }
  return `{${text}}`;
}

function inOrder(keys: string[]): readonly string[] {
  return keys.length > 1 ? keys.sort() : keys;
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  const read = readNumber(JSON.stringify(value));
  return typeof read === 'string' ? JSON.stringify(read) : read.toFixed();
}

function hasToJson(value: unknown): value is { toJSON(): unknown } {
  return (
    typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function'
  );
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Decimal.isDecimal(value);
}
