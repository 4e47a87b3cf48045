import { Decimal, parseCalendarDate, showPercent, showReais } from '../../kernel';
import { fieldDefinition, type FieldName } from './fields';

/** A value of a fact, an operand or a cell, without its field. */
export type Scalar = Decimal | number | boolean | string;

const MAX_SHOWN = 10;
/** Enough for any rate a person writes; ratios have up to 34 digits. */
const RATE_PLACES = 6;

/** A value in words a Brazilian analyst reads: "R$ 2.100,00", "2,49%", "36 meses", "10/03/2020". */
export function showScalar(field: FieldName, value: Scalar): string {
  const { type, unit, personal } = fieldDefinition(field);
  if (personal === true) return '***';
  if (Decimal.isDecimal(value)) {
    return type === 'rate' ? showPercent(value.toDecimalPlaces(RATE_PLACES)) : showReais(value);
  }
  if (typeof value === 'boolean') return value ? 'sim' : 'não';
  if (typeof value === 'number') {
    const [one, many] = unit ?? ['', ''];
    return `${String(value)} ${value === 1 ? one : many}`.trimEnd();
  }
  if (type === 'date' && parseCalendarDate(value) !== undefined) {
    return `${value.slice(8, 10)}/${value.slice(5, 7)}/${value.slice(0, 4)}`;
  }
  return value;
}

/** Several values, cut after ten: "03, 17 e mais 4". */
export function showScalars(field: FieldName, values: readonly Scalar[]): string {
  if (values.length === 0) return 'nenhum';
  const shown = values
    .slice(0, MAX_SHOWN)
    .map((value) => showScalar(field, value))
    .join(', ');
  return values.length > MAX_SHOWN ? `${shown} e mais ${String(values.length - MAX_SHOWN)}` : shown;
}

/** A half-open range: "a partir de 6 meses e abaixo de 12 meses". */
export function showRange(field: FieldName, from: Scalar | undefined, below: Scalar | undefined): string {
  const parts = [
    from === undefined ? '' : `a partir de ${showScalar(field, from)}`,
    below === undefined ? '' : `abaixo de ${showScalar(field, below)}`,
  ];
  return parts.filter((part) => part !== '').join(' e ') || 'qualquer valor';
}
