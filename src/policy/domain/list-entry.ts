import { hasValidCpfCheckDigits, isValidCnpj } from '../../kernel';
import { fieldDefinition, type FieldName } from './fields';

export type ListEntry =
  | { readonly kind: 'entry'; readonly value: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'bad'; readonly message: string };

/** Points and strokes are taken out only where they stand for something: `123.0` and `1,2E+10` are no documents. */
const MASKS = {
  cpf: /^\d{3}\.\d{3}\.\d{3}-\d{2}$/,
  cnpj: /^[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}\/[0-9A-Z]{4}-\d{2}$/,
  root: /^[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}$/,
};
const MASKS_OF: Partial<Record<FieldName, readonly RegExp[]>> = {
  borrower_cpf: [MASKS.cpf],
  employer_document: [MASKS.cpf, MASKS.cnpj],
  employer_root: [MASKS.root],
};
const CPF_DIGITS = 11;
const WRONG_DIGITS = 'os dígitos verificadores não conferem';

/**
 * What one cell of a list says of a field. Left zeros that a spreadsheet has taken from a CPF come back; its check digits,
 * and those of a CNPJ, must be right.
 */
export function listEntry(cell: string, field: FieldName): ListEntry {
  const bare = plainEntry(cell.toUpperCase(), field);
  if (bare === '') return { kind: 'nothing' };
  const value = field === 'borrower_cpf' && /^\d{1,11}$/.test(bare) ? bare.padStart(CPF_DIGITS, '0') : bare;
  const { pattern, label, form } = fieldDefinition(field);
  if (pattern?.test(value) !== true) return { kind: 'bad', message: form ?? `não é um valor de ${label}` };
  return hasRightDigits(value, field) ? { kind: 'entry', value } : { kind: 'bad', message: WRONG_DIGITS };
}

/** An entry as it is compared: without the marks that people and spreadsheets write it with. */
export function plainEntry(cell: string, field: FieldName): string {
  return withoutMask(withoutTextMark(cell.trim()), field);
}

/**
 * An entry as a line of a CSV has it: of bare digits a spreadsheet makes a number, which has no zeros on the left and of long ones
 * only the first digits. Roots go without their points, for 33.000.167 is a number too where Excel speaks Portuguese.
 */
export function csvEntry(entry: string): string {
  return /\d/.test(entry) ? `'${entry}` : entry;
}

/** The apostrophe by which a spreadsheet keeps digits as text. */
function withoutTextMark(text: string): string {
  return text.startsWith("'") ? text.slice(1) : text;
}

function withoutMask(text: string, field: FieldName): string {
  if (!/[./-]/.test(text)) return text;
  const isMasked = MASKS_OF[field]?.some((mask) => mask.test(text)) === true;
  return isMasked ? text.replace(/[./-]/g, '') : text;
}

function hasRightDigits(value: string, field: FieldName): boolean {
  if (field !== 'borrower_cpf' && field !== 'employer_document') return true;
  return value.length === CPF_DIGITS ? hasValidCpfCheckDigits(value) : isValidCnpj(value);
}
