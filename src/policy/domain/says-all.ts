import { reasonWord } from '../../words';

/** What a rule is found by. */
interface RuleWords {
  readonly product: string;
  readonly id: string;
  readonly code: string;
  readonly sentence: string;
}

/** Whether a rule's product, name, reason or sentence holds every word of a text; accents and case aside. */
export function saysAll({ product, id, code, sentence }: RuleWords, text: string): boolean {
  const words = plain(`${product} ${id} ${reasonWord(code)} ${sentence}`);
  return plain(text)
    .split(/\s+/)
    .every((word) => words.includes(word));
}

const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
