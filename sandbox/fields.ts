import { Decimal, hasValidCpfCheckDigits, isJsonObject, parseCalendarDate } from '../src/kernel';
import type { CalendarDate, JsonObject, JsonValue } from '../src/kernel';

/** Reading fields of a partner's body: what is not of the wanted kind is undefined, or false. */

type Field = JsonValue | undefined;

export function isNumber(value: Field): value is Decimal {
  return Decimal.isDecimal(value);
}

export const isText = (value: Field): value is string => typeof value === 'string' && value !== '';

/** Positive, in whole cents. */
export const isAmount = (value: Field): value is Decimal =>
  isNumber(value) && value.gt(0) && value.decimalPlaces() <= 2;

export const isWhole = (value: Field, least: number, most: number): value is Decimal =>
  isNumber(value) && value.isInteger() && value.gte(least) && value.lte(most);

/** A fraction: 0.018 is 1.8%. */
export const isFraction = (value: Field): value is Decimal => isNumber(value) && value.gte(0) && value.lte(1);

export const isCpf = (value: Field): value is string =>
  typeof value === 'string' && hasValidCpfCheckDigits(value);

export const dateOf = (value: Field): CalendarDate | undefined =>
  typeof value === 'string' ? parseCalendarDate(value) : undefined;

export const textOf = (value: Field): string => (typeof value === 'string' ? value : '');

/** An empty object when it is none: its fields are then missing. */
export const objectOf = (value: Field): JsonObject => (isJsonObject(value) ? value : {});

export const listOf = (value: Field): readonly JsonValue[] => (Array.isArray(value) ? value : []);

/** Only the digits, left-padded to a CPF's eleven; a longer document keeps its length. */
export const documentOf = (value: Field): string => textOf(value).replace(/\D/g, '').padStart(11, '0');
