import type { CalendarDate, Decimal, Personal } from '../../kernel';
import { DIRECT_FIELDS } from './dictionary/direct';
import { FEDERAL_PAYROLL_FIELDS } from './dictionary/federal-payroll';
import { FGTS_FIELDS } from './dictionary/fgts';
import {
  fieldsOf,
  LOWER_CODE,
  type FieldDefinition as Definition,
  type Stage,
} from './dictionary/field-definition';
import { PAYROLL_FIELDS } from './dictionary/payroll';
import { PRIVATE_PAYROLL_FIELDS } from './dictionary/private-payroll';
import { SHARED_FIELDS } from './dictionary/shared';
import { PRODUCTS, type Product } from './product';

export type { ESocialTable, FieldType, Stage } from './dictionary/field-definition';

export interface FieldDefinition extends Definition {
  /** In which products the field is known; a policy may speak of it in their sections alone. */
  readonly products: readonly Product[];
}

/** Every fact a policy may speak of. A name that is not here cannot be activated. */
export const FIELDS = {
  ...fieldsOf(PRODUCTS, SHARED_FIELDS),
  ...fieldsOf(['private_payroll', 'federal_payroll'], PAYROLL_FIELDS),
  ...fieldsOf(['private_payroll'], PRIVATE_PAYROLL_FIELDS),
  ...fieldsOf(['fgts', 'federal_payroll'], DIRECT_FIELDS),
  ...fieldsOf(['fgts'], FGTS_FIELDS),
  ...fieldsOf(['federal_payroll'], FEDERAL_PAYROLL_FIELDS),
} as const satisfies Readonly<Record<string, FieldDefinition>>;

export type FieldName = keyof typeof FIELDS;

interface TypedValue {
  amount: Decimal;
  rate: Decimal;
  integer: number;
  date: CalendarDate;
  code: string;
  code_list: readonly string[];
  boolean: boolean;
  text: string;
}

/** The value a field holds when it is known. */
export type FactValue<F extends FieldName> = (typeof FIELDS)[F] extends { readonly personal: true }
  ? Personal
  : TypedValue[(typeof FIELDS)[F]['type']];

type FieldsOf<P extends Product, S extends Stage> = {
  [F in FieldName]: (typeof FIELDS)[F]['stage'] extends S
    ? P extends (typeof FIELDS)[F]['products'][number]
      ? F
      : never
    : never;
}[FieldName];

/** What is known of a request. Undefined is "not known", and a rule that needs it declines. */
export type RequestFacts<P extends Product = 'private_payroll'> = {
  readonly [F in FieldsOf<P, 'request'>]: FactValue<F> | undefined;
};
/** What is known of an offer once it has been priced. */
export type OfferFacts<P extends Product = 'private_payroll'> = {
  readonly [F in FieldsOf<P, 'offer'>]: FactValue<F> | undefined;
};
/** All facts of one product: whoever derives them has to think of each. */
export type ProductFacts<P extends Product> = RequestFacts<P> & OfferFacts<P>;
/** Facts as rules and tables read them, of whatever product. What another product knows is not known. */
export type Facts = { readonly [F in FieldName]?: FactValue<F> | undefined };

export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[];

export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}

export function fieldDefinition(name: FieldName): FieldDefinition {
  return FIELDS[name];
}

/** Whether a list of the values of one may be compared with the other: else it would be read, and never match. */
export function haveSameValues(a: FieldName, b: FieldName): boolean {
  const [one, other] = [fieldDefinition(a), fieldDefinition(b)];
  return (
    a === b ||
    (looksAlike(a, b) &&
      one.pattern !== LOWER_CODE && // the words of one field alone
      one.type.replace('code_list', 'code') === other.type.replace('code_list', 'code') &&
      one.eSocialTable === other.eSocialTable &&
      one.unit?.join() === other.unit?.join() &&
      one.values?.join() === other.values?.join())
  );
}

/** What was asked of a list when documents were stored that still have to be read. */
export function looksAlike(a: FieldName, b: FieldName): boolean {
  return fieldDefinition(a).pattern?.source === fieldDefinition(b).pattern?.source;
}

/** The names of a product's fields, of one stage or of both. */
export function fieldNamesOf(product: Product, stage?: Stage): readonly FieldName[] {
  return FIELD_NAMES.filter((name) => {
    const definition = fieldDefinition(name);
    return definition.products.includes(product) && (stage === undefined || definition.stage === stage);
  });
}

/** The field that counts what an offer is paid back in: instalments, or withdrawals. */
export function termField(product: Product): 'offered_installments' | 'offered_periods' {
  return product === 'fgts' ? 'offered_periods' : 'offered_installments';
}

/** The facts of an offer in an auction as long as there is none. */
export const NOTHING_OFFERED = unknown(fieldNamesOf('private_payroll', 'offer')) as OfferFacts;

/** Facts of a product of which nothing is known. */
export function nothingKnownOf<P extends Product>(product: P): ProductFacts<P> {
  return unknown(fieldNamesOf(product)) as ProductFacts<P>;
}

function unknown(names: readonly FieldName[]): object {
  return Object.freeze(Object.fromEntries(names.map((name) => [name, undefined])));
}
