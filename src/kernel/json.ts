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
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Decimal.isDecimal(value);
}
