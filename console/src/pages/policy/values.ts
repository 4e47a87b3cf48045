import { decimal, isDay, typedDecimal, typedRate, ungrouped, writtenRate } from '../../format/format';
import type { Scalar } from './document';

/** Kinds of values as the field dictionary names them. */
export type ValueType = 'amount' | 'rate' | 'integer' | 'date' | 'code' | 'code_list' | 'boolean' | 'text';

/** How one types it, shown in an empty field. */
export const EXAMPLE: Readonly<Record<ValueType, string>> = {
  amount: '1.500,00',
  rate: '2,49',
  integer: '12',
  date: 'dd/mm/aaaa',
  code: 'código',
  code_list: 'código',
  boolean: 'sim ou não',
  text: 'texto',
};

/** What stands behind the field. */
export const UNIT: Readonly<Partial<Record<ValueType, string>>> = { amount: 'R$', rate: '%' };

/** A value of a document as people type it: "1.500,00", "2,49" for a rate, "18/08/2026", "sim". */
export function showValue(type: ValueType, value: Scalar): string {
  if (typeof value === 'boolean') return value ? 'sim' : 'não';
  const text = String(value);
  if (type === 'amount') return decimal(text, 2);
  if (type === 'rate') return writtenRate(text);
  if (type === 'date') return text.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$3/$2/$1');
  return text;
}

/** What was typed as a document writes it; undefined for what cannot be meant. */
export function readValue(type: ValueType, typed: string): Scalar | undefined {
  const text = typed.trim();
  switch (type) {
    case 'amount':
      return readAmount(text);
    case 'rate': {
      const fraction = typedRate(text);
      return fraction === undefined ? undefined : plain(fraction);
    }
    case 'integer':
      return /^-?\d{1,9}$/.test(ungrouped(text)) ? Number(ungrouped(text)) : undefined;
    case 'boolean':
      return readBoolean(text.toLowerCase());
    case 'date':
      return readDate(text);
    case 'code':
    case 'code_list':
    case 'text':
      return text === '' ? undefined : text;
  }
}

/** What no type of value is. */
export const UNREAD = '';

/**
 * What a field writes: undefined for nothing. What cannot be read is not handed on as it was typed, for the service reads
 * fractions: "0.9" beside a sign of percent would be 90%.
 */
export function writtenValue(type: ValueType, typed: string): Scalar | undefined {
  return typed.trim() === '' ? undefined : (readValue(type, typed) ?? UNREAD);
}

function readAmount(text: string): string | undefined {
  const number = typedDecimal(text);
  if (number === undefined || (number.split('.')[1] ?? '').length > 2) return undefined;
  return plain(number);
}

/** The one written form of a decimal, as the service writes it: no zeros at its end. */
function plain(number: string): string {
  return number.includes('.') ? number.replace(/\.?0+$/, '') : number;
}

function readBoolean(text: string): boolean | undefined {
  if (['sim', 's', 'true', 'verdadeiro'].includes(text)) return true;
  if (['não', 'nao', 'n', 'false', 'falso'].includes(text)) return false;
  return undefined;
}

function readDate(text: string): string | undefined {
  const [, day, month, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  const iso =
    year === undefined ? text : `${year}-${(month ?? '').padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`;
  return isDay(iso) ? iso : undefined;
}
