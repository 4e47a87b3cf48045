import { Decimal, parseCalendarDate, Personal } from '../../kernel';
import { showScalar, showScalars, type Scalar } from './display';
import { fieldDefinition, type Facts, type FieldName } from './fields';

export type ReadFact<T> = (facts: Facts) => T | undefined;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * How to read one field of the facts. A value of the wrong kind (NaN, a number where a decimal belongs,
 * an impossible date) is read as missing: what cannot be trusted must not decide.
 */
export function factReader(field: FieldName): ReadFact<Scalar> {
  const { type, personal } = fieldDefinition(field);
  if (personal === true) {
    return (facts) => {
      const value: unknown = facts[field];
      return value instanceof Personal && isText(value.reveal()) ? value.reveal() : undefined;
    };
  }
  const accepts = acceptedScalar(type);
  return (facts) => {
    const value: unknown = facts[field];
    return accepts(value) ? value : undefined;
  };
}

function acceptedScalar(type: string): (value: unknown) => value is Scalar {
  switch (type) {
    case 'amount':
    case 'rate':
      return (value): value is Scalar => Decimal.isDecimal(value) && value.isFinite();
    case 'integer':
      return (value): value is Scalar => Number.isSafeInteger(value);
    case 'boolean':
      return (value): value is Scalar => typeof value === 'boolean';
    case 'date':
      return (value): value is Scalar => isText(value) && parseCalendarDate(value) !== undefined;
    default:
      return isText;
  }
}

/** How to read a field that holds a list of codes. */
export function codesReader(field: FieldName): ReadFact<readonly string[]> {
  return (facts) => {
    const value: unknown = facts[field];
    return Array.isArray(value) && value.every(isText) ? value : undefined;
  };
}

/** How to show one field of the facts: never a personal value, "não informado" when it is missing. */
export function factShower(field: FieldName): (facts: Facts) => string {
  const missing = 'não informado';
  const { type, personal } = fieldDefinition(field);
  if (personal === true) {
    return (facts) => {
      const value: unknown = facts[field];
      return value instanceof Personal ? value.masked : missing;
    };
  }
  if (type === 'code_list') {
    const read = codesReader(field);
    return (facts) => {
      const codes = read(facts);
      return codes === undefined ? missing : showScalars(field, codes);
    };
  }
  const read = factReader(field);
  return (facts) => {
    const value = read(facts);
    return value === undefined ? missing : showScalar(field, value);
  };
}
