import type { JsonObject } from '../../src/kernel';
import { dateOf, isCpf, isText, objectOf, textOf } from '../fields';

export interface Borrower {
  readonly name: string;
  readonly documentNumber: string;
  readonly birthDate: string;
  readonly email: string;
}

const TEXTS = [
  'name',
  'mother_name',
  'document_identification_number',
  'document_identification_type',
  'email',
] as const;
const PHONE = ['country_code', 'area_code', 'number'] as const;
const ADDRESS = ['street', 'state', 'city', 'neighborhood', 'number', 'postal_code'] as const;

/** What is wrong with a borrower of `POST /debt`; `alsoTexts` are fields that a product needs besides. */
export function borrowerProblems(borrower: JsonObject, alsoTexts: readonly string[]): JsonObject {
  const problems: JsonObject = {};
  const need = (field: string, valid: boolean, message = 'required'): void => {
    if (!valid) problems[`borrower.${field}`] = message;
  };
  need('person_type', borrower['person_type'] === 'natural', 'natural');
  need('individual_document_number', isCpf(borrower['individual_document_number']), 'a CPF of 11 digits');
  need('birth_date', dateOf(borrower['birth_date']) !== undefined, 'a date');
  need(
    'document_identification_date',
    dateOf(borrower['document_identification_date']) !== undefined,
    'a date',
  );
  for (const field of [...TEXTS, ...alsoTexts]) need(field, isText(borrower[field]));
  const [phone, address] = [objectOf(borrower['phone']), objectOf(borrower['address'])];
  for (const field of PHONE) need(`phone.${field}`, isText(phone[field]));
  for (const field of ADDRESS) need(`address.${field}`, isText(address[field]));
  return problems;
}

export function borrowerOf(borrower: JsonObject): Borrower {
  return {
    name: textOf(borrower['name']),
    documentNumber: textOf(borrower['individual_document_number']),
    birthDate: textOf(borrower['birth_date']),
    email: textOf(borrower['email']),
  };
}
