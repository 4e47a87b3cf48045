import { Decimal, parseCalendarDate, Personal } from '../../kernel';
import { scalarShower, showScalars, type Scalar } from './display';
import { fieldDefinition, type Facts, type FieldName } from './fields';

export type ReadFact<T> = (facts: Facts) => T | undefined;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * How to read one field of the facts. A value of the wrong kind (NaN, a number where a decimal belongs,
 * an impossible date) is read as missing: what cannot be trusted must not decide.
 */
export function factReader(field: FieldName): ReadFact<Scalar> {
  const { type, personal } = fieldDefinition(field);
  const get = (facts: Facts): unknown => facts[field];
  if (personal === true) {
    return (facts) => {
      const value = get(facts);
      return value instanceof Personal && isText(value.reveal()) ? value.reveal() : undefined;
    };
  }
  switch (type) {
    case 'amount':
    case 'rate':
      return (facts) => {
        const value = get(facts);
        return Decimal.isDecimal(value) && value.isFinite() ? value : undefined;
      };
    case 'integer':
      return (facts) => {
        const value = get(facts);
        return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
      };
    case 'boolean':
      return (facts) => {
        const value = get(facts);
        return typeof value === 'boolean' ? value : undefined;
      };
    case 'date':
      return (facts) => {
        const value = get(facts);
        return isText(value) ? parseCalendarDate(value) : undefined;
      };
    default:
      return (facts) => {
        const value = get(facts);
        return isText(value) ? value : undefined;
      };
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
  const show = scalarShower(field);
  return (facts) => {
    const value = read(facts);
    return value === undefined ? missing : show(value);
  };
}
