const CNPJ_TEXT = /^[0-9A-Z]{12}\d{2}$/;
const FIRST_WEIGHTS = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
const SECOND_WEIGHTS = [6, ...FIRST_WEIGHTS];

/** Strips punctuation and left-pads with zeros to 14; undefined when it cannot be a CNPJ. */
export function normalizeCnpj(text: string): string | undefined {
  const bare = text.toUpperCase().replace(/[.\-/\s]/g, '');
  if (bare.length < 1 || bare.length > 14) return undefined;
  const padded = bare.padStart(14, '0');
  return CNPJ_TEXT.test(padded) ? padded : undefined;
}

/**
 * Check digits of a CNPJ, numeric or alphanumeric (Receita Federal IN 2.229/2024, from July 2026):
 * each character counts as its ASCII code less 48.
 */
export function isValidCnpj(cnpj: string): boolean {
  if (!CNPJ_TEXT.test(cnpj) || /^(.)\1{13}$/.test(cnpj)) return false;
  const checkDigit = (weights: readonly number[]): number => {
    const sum = weights.reduce((total, weight, i) => total + weight * (cnpj.charCodeAt(i) - 48), 0);
    return sum % 11 < 2 ? 0 : 11 - (sum % 11);
  };
  return checkDigit(FIRST_WEIGHTS) === Number(cnpj[12]) && checkDigit(SECOND_WEIGHTS) === Number(cnpj[13]);
}

/** As people write it, 12.345.678/0001-90, which no spreadsheet takes for a number. What is no CNPJ stays as it is. */
export function punctuatedCnpj(text: string): string {
  return CNPJ_TEXT.test(text) ? text.replace(/^(.{2})(.{3})(.{3})(.{4})(.{2})$/, '$1.$2.$3/$4-$5') : text;
}

/** The first eight characters: the company, without the establishment. */
export function cnpjRoot(cnpj: string): string {
  return cnpj.slice(0, 8);
}
