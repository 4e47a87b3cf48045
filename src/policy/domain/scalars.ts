import { compareDecimals, Decimal, parseCalendarDate, parseDecimal, parseReais } from '../../kernel';
import type { Scalar } from './display';
import { fieldDefinition, type FieldName } from './fields';

/** A value as a policy document writes it: amounts, rates and dates are text, so that nothing is ever a float. */
export type ScalarJson = string | number | boolean;

export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

const read = <T>(value: T): Reading<T> => ({ ok: true, value });
const refuse = (message: string): Reading<never> => ({ ok: false, message });

/** The integer a JSON number stands for, whether it was read as a binary number or as a decimal. */
export function readInteger(raw: unknown): number | undefined {
  const value = Decimal.isDecimal(raw) ? Number(raw.toFixed()) : raw;
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** An amount in its one written form, or what was expected of it. */
export function readReais(raw: unknown): Reading<string> {
  if (typeof raw !== 'string' || parseDecimal(raw) === undefined)
    return refuse('esperado um valor em reais, em texto: por exemplo "1500.00"');
  const value = parseReais(raw);
  if (value === undefined)
    return refuse(
      'o valor em reais tem mais de duas casas decimais; o ponto é o dos centavos: três mil é "3000"',
    );
  return value.isNegative() ? refuse('o valor em reais não pode ser negativo') : read(value.toFixed());
}

function readRate(raw: unknown, atMost: number | undefined): Reading<string> {
  const value = typeof raw === 'string' ? parseDecimal(raw) : undefined;
  if (value === undefined) return refuse('esperada uma taxa em fração, em texto: "0.0249" é 2,49%');
  if (value.isNegative()) return refuse('a taxa não pode ser negativa');
  if (atMost !== undefined && value.greaterThan(atMost))
    return refuse(`passa de ${String(atMost * 100)}%: a taxa é escrita em fração, "0.0249" é 2,49%`);
  return read(value.toFixed());
}

/**
 * Reads one value for a field and gives it in its one written form ("0.0250" becomes "0.025"),
 * or says in Portuguese what was expected.
 * @param stored it was accepted when it was stored: forms that came later do not hold for it
 */
export function readScalar(field: FieldName, raw: unknown, stored = false): Reading<ScalarJson> {
  const { type, values, form, atMost, pattern: written, storedPattern } = fieldDefinition(field);
  const pattern = stored ? (storedPattern ?? written) : written;
  switch (type) {
    case 'amount':
      return readReais(raw);
    case 'rate':
      return readRate(raw, stored ? undefined : atMost);
    case 'integer': {
      const value = readInteger(raw);
      return value === undefined ? refuse('esperado um número inteiro, sem aspas') : read(value);
    }
    case 'boolean':
      return typeof raw === 'boolean' ? read(raw) : refuse('esperado true ou false, sem aspas');
    case 'date':
      return typeof raw === 'string' && parseCalendarDate(raw) !== undefined
        ? read(raw)
        : refuse('esperada uma data que exista, no formato AAAA-MM-DD');
    case 'code':
    case 'code_list':
    case 'text':
      return typeof raw === 'string' && (values?.includes(raw) ?? pattern?.test(raw) ?? false)
        ? read(raw)
        : refuse(form ?? 'o código não tem a forma que este campo aceita');
  }
}

/** The value to compare facts with, of a written value already read by `readScalar`. */
export function scalarOf(field: FieldName, json: ScalarJson): Scalar {
  const { type } = fieldDefinition(field);
  return type === 'amount' || type === 'rate' ? new Decimal(json.toString()) : json;
}

/** Orders two values of one ordered field: negative, zero or positive. */
export function compareScalars(a: Scalar, b: Scalar): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'object' && typeof b === 'object') return compareDecimals(a, b);
  throw new TypeError('values of two types cannot be ordered');
}
