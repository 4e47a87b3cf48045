import { plainName, wordOf, type Words } from '../../../src/words';

/** What QI or a policy writes where a fact is a code. */
const VALUE: Words = {
  not_exposed: 'não exposta',
  exposed: 'exposta',
  politically_exposed: 'politicamente exposta',
  family_exposed: 'familiar de pessoa exposta',
  cnpj: 'CNPJ',
  cpf: 'CPF',
  in_person: 'presencial',
  website: 'site',
  app: 'aplicativo',
};

/** "not_exposed" is "não exposta"; of a code that nobody foresaw the words are parted. */
export function valueWord(code: string): string {
  return wordOf(VALUE, code);
}

/** A sentence with the codes within it in words. */
export function codesInWords(text: string): string {
  if (VALUE[text] !== undefined) return VALUE[text];
  return text.replaceAll(
    /(?<![\w@./-])[a-z]+(?:_[a-z0-9]+)+(?![\w@])/g,
    (code) => VALUE[code] ?? plainName(code),
  );
}
