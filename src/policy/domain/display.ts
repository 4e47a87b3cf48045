import { showDate, showPercent, showReais, type Decimal } from '../../kernel';
import { fieldDefinition, type FieldName } from './fields';

/** A value of a fact, an operand or a cell, without its field. */
export type Scalar = Decimal | number | boolean | string;

const MAX_SHOWN = 10;
/** Enough for any rate a person writes; ratios have up to 34 digits. */
const RATE_PLACES = 6;

/** A value in words a Brazilian analyst reads: "R$ 2.100,00", "2,49%", "36 meses", "10/03/2020". */
export function showScalar(field: FieldName, value: Scalar): string {
  return scalarShower(field)(value);
}

/** `showScalar` for one field, with all that depends on the field alone worked out. */
export function scalarShower(field: FieldName): (value: Scalar) => string {
  const { type, unit, personal } = fieldDefinition(field);
  if (personal === true) return () => '***';
  const [one, many] = unit === undefined ? ['', ''] : unit.map((word) => ` ${word}`);
  return (value) => {
    switch (typeof value) {
      case 'number':
        return `${String(value)}${(value === 1 ? one : many) ?? ''}`;
      case 'boolean':
        return value ? 'sim' : 'não';
      case 'string':
        return type === 'date' ? showDate(value) : value;
      default:
        return type === 'rate' ? showPercent(roundedRate(value)) : showReais(value);
    }
  };
}

function roundedRate(rate: Decimal): Decimal {
  return rate.decimalPlaces() > RATE_PLACES ? rate.toDecimalPlaces(RATE_PLACES) : rate;
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
