import { withoutDocumentNumbers } from './without-document-numbers';

it.each([
  ['CPF 529.982.247-25 inválido', 'CPF *** inválido'],
  ['document 52998224725 not found', 'document *** not found'],
  ['minimum score is 70', 'minimum score is 70'],
])('%s is shown as %s', (prose, shown) => {
  expect(withoutDocumentNumbers(prose)).toBe(shown);
});
