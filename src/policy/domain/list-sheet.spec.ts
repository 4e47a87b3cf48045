import { readFileSync } from 'node:fs';
import { finished } from '../../kernel';
import { inlineLists } from './document';
import { importListSheet, sheetOfList } from './list-sheet';
import { parsePolicy } from './policy';

const DOCUMENT = JSON.parse(readFileSync('config/policies/default.json', 'utf8')) as {
  lists: { name: string; entries?: string[] }[];
};
const LIST = 'afastamentos_permitidos';
const parsed = parsePolicy(DOCUMENT);
if (parsed.kind === 'invalid') throw new Error('the shipped policy is sound');
const ENTRIES = inlineLists(parsed.policy).get(LIST) ?? [];

it('comes back as the very same policy, in any order and with empty lines', () => {
  expect(ENTRIES.length).toBeGreaterThan(1);
  const sheet = [[], ...sheetOfList(ENTRIES).toReversed(), [''], []];
  const imported = finished(importListSheet(DOCUMENT, LIST, sheet));
  expect(imported).toMatchObject({ kind: 'ok', policy: parsed.policy });
});

it('names each wrong cell, and changes nothing', () => {
  const [first = ''] = ENTRIES;
  const imported = finished(
    importListSheet(DOCUMENT, LIST, [[first], ['não é código'], [], [first, 'nota']]),
  );
  expect(imported).toMatchObject({
    kind: 'invalid',
    problems: [
      { cell: 'A2', value: 'não é código' },
      { cell: 'A4', value: first, message: 'valor repetido' },
    ],
  });
});

it.each([
  ['nenhuma', 'a política não tem uma lista com este nome'],
  ['fora', 'a lista fica fora da política: importe-a como lista'],
])('refuses the list %s', (name, message) => {
  const outside = { name: 'fora', of: 'borrower_cpf', label: 'Fora' };
  const document = { ...DOCUMENT, lists: [...DOCUMENT.lists, outside] };
  expect(finished(importListSheet(document, name, [['1']]))).toEqual({
    kind: 'invalid',
    problems: [{ cell: '', message, value: name }],
  });
});

it('takes no personal data into a document', () => {
  const imported = finished(importListSheet(DOCUMENT, 'cpfs_bloqueados', [['52998224725']]));
  expect(imported).toMatchObject({ kind: 'invalid', problems: [{ value: null }] });
  expect(JSON.stringify(imported)).not.toContain('52998224725');
});
