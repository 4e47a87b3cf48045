/** What stands for codes where people read. */
export type Words = Readonly<Record<string, string>>;

/** A name that somebody gave, or a code that nobody foresaw, without what only programs need: "cpfs_bloqueados". */
export const plainName = (code: string): string => code.replaceAll('_', ' ');

/** The word for a code, a dash for none. */
export function wordOf(words: Words, code: string | null | undefined): string {
  if (code == null) return '–';
  return (Object.hasOwn(words, code) ? words[code] : undefined) ?? plainName(code);
}

/** "Idade" is "idade" within a sentence; "CPF" stays. */
export const inSentence = (text: string): string =>
  text.replace(/^\p{Lu}(?=\p{Ll})/u, (first) => first.toLowerCase());

/** "idade" begins a sentence as "Idade". */
export const asTitle = (text: string): string => text.replace(/^\p{Ll}/u, (first) => first.toUpperCase());

/** A reason without the code that some begin with: "conta_invalida: Conta inválida" is "Conta inválida". */
export const inProse = (reason: string): string => plainName(reason.replace(/^[a-z0-9]+(_[a-z0-9]+)+: /, ''));
