import { saysAll } from './says-all';

const RULE = {
  product: 'fgts',
  id: 'tempo-de-casa',
  code: 'TENURE_TOO_SHORT',
  sentence: 'A política exige {required} no emprego; são {observed}.',
};

it.each([
  ['politica', true],
  ['EMPREGO exige', true],
  ['tempo-de', true],
  ['FGTS casa', true],
  ['emprego margem', false],
  ['', true],
])('“%s” finds the rule: %s', (text, isFound) => {
  expect(saysAll(RULE, text)).toBe(isFound);
});
