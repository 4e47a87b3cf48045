import { readFileSync } from 'node:fs';
import { finished } from '../../kernel';
import { CsvReader, writeCsv } from './csv';
import { inlineLists } from './document';
import { importListSheet, sheetOfList } from './list-sheet';
import { parsePolicy } from './policy';
import type { Sheet } from './sheet';

const DOCUMENT = JSON.parse(readFileSync('config/policies/default.json', 'utf8')) as {
  lists: { name: string; entries?: string[] }[];
};
const LIST = 'afastamentos_permitidos';
const EMPLOYERS = 'empregadores_bloqueados';
const parsed = parsePolicy(DOCUMENT);
if (parsed.kind === 'invalid') throw new Error('the shipped policy is sound');
const ENTRIES = inlineLists(parsed.policy).get(LIST) ?? [];

function readCsv(text: string): Sheet {
  const reader = new CsvReader();
  return [...reader.take(Buffer.from(text)), ...reader.end()];
}

it('comes back as the very same policy, in any order and with empty lines', () => {
  expect(ENTRIES.length).toBeGreaterThan(1);
  const sheet = [[], ...sheetOfList(ENTRIES, 'xlsx').toReversed(), [''], []];
  const imported = finished(importListSheet(DOCUMENT, LIST, sheet));
  expect(imported).toMatchObject({ kind: 'ok', policy: parsed.policy });
});

it('lets no spreadsheet that opens a CSV make a number of an entry, and takes it back', () => {
  const entries = ['00360305', '1E234567', '29113956', 'ABCDEFGH'];
  const written = writeCsv(sheetOfList(entries, 'csv'));
  expect(written).toBe("'00360305\r\n'1E234567\r\n'29113956\r\nABCDEFGH\r\n");
  expect(sheetOfList(entries, 'xlsx').flat()).toEqual(entries);
  const imported = finished(importListSheet(DOCUMENT, EMPLOYERS, readCsv(written)));
  expect(imported.kind === 'ok' && inlineLists(imported.policy).get(EMPLOYERS)).toEqual(entries);
});

it('takes a document as people write it, and says what stood in a wrong cell', () => {
  const imported = finished(importListSheet(DOCUMENT, EMPLOYERS, [['00.360.305'], ["'29113956"]]));
  expect(imported.kind === 'ok' && inlineLists(imported.policy).get(EMPLOYERS)).toEqual([
    '00360305',
    '29113956',
  ]);
  expect(finished(importListSheet(DOCUMENT, EMPLOYERS, [['00.360.305'], ["'360.305"]]))).toMatchObject({
    problems: [{ cell: 'A2', value: "'360.305" }],
  });
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

it('says of a first line without digits that it may be a title, which a list in a document has none of', () => {
  const messages = (sheet: Sheet): readonly string[] => {
    const imported = finished(importListSheet(DOCUMENT, EMPLOYERS, sheet));
    return imported.kind === 'invalid' ? imported.problems.map(({ message }) => message) : [];
  };
  const form = 'a raiz são os oito primeiros caracteres do CNPJ';
  expect(messages([[], ['CNPJ raiz'], ['29113956']])).toEqual([
    expect.stringMatching(new RegExp(`^${form}.*; se é o título da coluna, apague esta linha$`)),
  ]);
  expect(messages([['2911395'], ['CNPJ raiz']])).toEqual([
    expect.not.stringContaining('título'),
    expect.not.stringContaining('título'),
  ]);
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
