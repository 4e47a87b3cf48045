import type { Product } from '../product';

/** What kind of value a field holds; it decides which operators and which cells a policy may use on it. */
export type FieldType = 'amount' | 'rate' | 'integer' | 'date' | 'code' | 'code_list' | 'boolean' | 'text';

/** `request`: known when the request arrives. `offer`: known only once an offer has been priced. */
export type Stage = 'request' | 'offer';

export type ESocialTable = 'leave_reasons' | 'termination_reasons';

export interface FieldDefinition {
  readonly type: FieldType;
  readonly stage: Stage;
  /** Name of the field in Portuguese, as the credit team says it. */
  readonly label: string;
  /** The highest that a rate can be in earnest: whoever writes more has written a percentage where a fraction is meant. */
  readonly atMost?: number;
  /** Unit shown after an integer, for one and for many: "36 meses". */
  readonly unit?: readonly [one: string, many: string];
  /** Where the value comes from: the path in QI's webhook, or how it is derived. */
  readonly source: string;
  /** Personal data: held as `Personal`, never shown unmasked in a verdict. */
  readonly personal?: true;
  /** The form of a code or text, as a regular expression. */
  readonly pattern?: RegExp;
  /** The wider form that documents were once accepted with, and are still read in. */
  readonly storedPattern?: RegExp;
  /** In Portuguese, what is said of a code or text of another form, where that is not plain. */
  readonly form?: string;
  /** Every code there is, when the set is closed. */
  readonly values?: readonly string[];
  /** Codes of a dated table of eSocial. */
  readonly eSocialTable?: ESocialTable;
}

export type FieldDefinitions = Readonly<Record<string, FieldDefinition>>;

/** The definitions, each with the products in which the field is known. */
export function fieldsOf<const P extends readonly Product[], T extends FieldDefinitions>(
  products: P,
  definitions: T,
): { readonly [F in keyof T]: T[F] & { readonly products: P } } {
  const entries = Object.entries(definitions).map(([name, definition]) => [
    name,
    { ...definition, products },
  ]);
  return Object.fromEntries(entries) as { readonly [F in keyof T]: T[F] & { readonly products: P } };
}

export const LOWER_CODE = /^[a-z][a-z0-9_]{0,59}$/;
export const TWO_DIGITS = /^\d{2}$/;
export const CNPJ_ROOT = /^[0-9A-Z]{8}$/;
export const ELEVEN_DIGITS = /^\d{11}$/;
export const EMPLOYER_DOCUMENT = /^(\d{11}|[0-9A-Z]{12}\d{2})$/;
