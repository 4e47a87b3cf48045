/** Eleven digits without +55 are a CPF to a bank, whoever meant a telephone. */
const BARE_CPF = /^\d{11}$/;
const MOBILE = /^(?:\+?55\s?)?\(?([1-9]{2})\)?\s?(9\d{4})[\s-]?(\d{4})$/;
const EMAIL = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/;
const LONGEST_EMAIL = 77;
const RANDOM = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is said of anything else. */
export const PIX_KEY_EXPECTED =
  'informe o CPF do próprio trabalhador, um celular com +55 e DDD, um e-mail ou uma chave aleatória';

/**
 * A PIX key of a person as banks know it: their own CPF, a mobile telephone, an e-mail or a random key. A CPF is a key of
 * nobody but its owner; of the others nobody here can say whose they are. Undefined for anything else.
 * @param cpf eleven digits
 */
export function readPixKey(text: string, cpf: string): string | undefined {
  const key = text.trim().toLowerCase();
  const digits = key.replaceAll(/[.\-\s]/g, '');
  if (BARE_CPF.test(digits) && digits === cpf) return cpf;
  const [, area, first, last] = (BARE_CPF.test(key) ? null : MOBILE.exec(key)) ?? [];
  if (area !== undefined) return `+55${area}${first ?? ''}${last ?? ''}`;
  return RANDOM.test(key) || (key.length <= LONGEST_EMAIL && EMAIL.test(key)) ? key : undefined;
}
