import { Cpf, isValidCnpj, normalizeCnpj } from '../../kernel';

/** What somebody may have typed into the search box. */
export type Identified =
  | { readonly kind: 'cpf'; readonly cpf: Cpf }
  | { readonly kind: 'employer'; readonly document: string }
  | { readonly kind: 'key'; readonly key: string };

const MAX_KEY = 200;

/**
 * Reads a search text: a CPF or a CNPJ by its length and check digits, punctuated or not, else a key of QI's or ours.
 * A text of eleven digits is always a CPF, valid or not: it must never travel on as anything else.
 *
 * @returns undefined for what can be none of them
 */
export function identify(text: string): Identified | undefined {
  const trimmed = text.trim();
  if (/^\d{3}\.?\d{3}\.?\d{3}-?\d{2}$/.test(trimmed)) {
    const cpf = Cpf.parse(trimmed);
    return cpf && { kind: 'cpf', cpf };
  }
  const document = /^[\dA-Za-z./-]{14,18}$/.test(trimmed) ? normalizeCnpj(trimmed) : undefined;
  if (document !== undefined && isValidCnpj(document)) return { kind: 'employer', document };
  return /^[\w-]+$/.test(trimmed) && trimmed.length <= MAX_KEY ? { kind: 'key', key: trimmed } : undefined;
}
