import { qiCodeWord } from './qi-code';

it.each([
  ['ted_refusal', 'TED recusada'],
  ['on_locked_date_range', 'época bloqueada pela Caixa'],
  ['unspecified', 'sem código de motivo'],
  ['constructor', '“constructor”, como a QI informou'],
  ['margem_x9', '“margem_x9”, como a QI informou'],
])('%s is read as %s', (code, words) => {
  expect(qiCodeWord(code)).toBe(words);
});
