import { BALANCE_FAILURE } from './proposal';
import { wordOf, type Words } from './words';

export const PAYMENT_REFUSAL: Words = {
  ted_refusal: 'TED recusada',
  pix_refusal: 'PIX recusado',
};

/** Why QI canceled a loan that nobody had tried to pay; `unspecified` is ours, for no code at all. */
const CANCELED: Words = {
  unspecified: 'sem código de motivo',
  manual: 'cancelada na QI, não por aqui',
  waiting_signature: 'não assinada no prazo',
};

interface QiRefusal {
  readonly code: string | undefined;
  readonly description: string | undefined;
}

const KNOWN: Words = { ...BALANCE_FAILURE, ...CANCELED, ...PAYMENT_REFUSAL };

/** A code of QI's in words. One that no manual names is shown as QI's, to the letter, and never as a word of ours. */
export function qiCodeWord(code: string): string {
  return Object.hasOwn(KNOWN, code) ? wordOf(KNOWN, code) : `“${code}”, como a QI informou`;
}

/** Why QI refused what was asked of it: its own words, else its code in ours. */
export function qiRefusalWord({ code, description }: QiRefusal): string {
  return description ?? (code === undefined ? 'sem explicação' : qiCodeWord(code));
}
