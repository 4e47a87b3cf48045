import type { Steps } from '../../kernel';
import { cellName, type Sheet } from './sheet';
import { fieldDefinition, isFieldName, type FieldName } from './fields';
import { itemsOf, member } from './json-parts';
import { csvEntry, plainEntry } from './list-entry';
import { parsePolicyInSteps } from './policy';
import { refused, type SheetImport } from './table-sheet';

/** It is not passed over: an entry may be letters alone, and nobody would miss it. */
const MAYBE_TITLE = 'se é o título da coluna, apague esta linha';

/** A list that stands in a document, as a sheet: one entry a line. */
export function sheetOfList(entries: readonly string[], format: 'csv' | 'xlsx'): Sheet {
  return entries.map((entry) => [format === 'csv' ? csvEntry(entry) : entry]);
}

/**
 * Puts a column of a sheet into a list of a document, in place of its entries; empty lines are nothing. The document is
 * read whole after it; each problem comes with its cell.
 */
export function* importListSheet(
  document: unknown,
  name: string,
  sheet: Sheet,
  column = 0,
): Steps<SheetImport> {
  const lists = itemsOf(document, 'lists');
  const at = lists.findIndex((list) => member(list, 'name') === name);
  if (at < 0) return refused('', 'a política não tem uma lista com este nome', name);
  if (member(lists[at], 'entries') === undefined)
    return refused('', 'a lista fica fora da política: importe-a como lista', name);
  const of = member(lists[at], 'of');
  const lines = sheet.flatMap((cells, row) => {
    const cell = cells[column] ?? '';
    const entry = isField(of) ? plainEntry(cell, of) : cell;
    return entry === '' ? [] : [{ entry, cell, row }];
  });
  const list = { ...(lists[at] as object), entries: lines.map(({ entry }) => entry) };
  const changed = {
    ...(document as object),
    lists: lists.map((other, index) => (index === at ? list : other)),
  };
  const parsed = yield* parsePolicyInSteps(changed);
  if (parsed.kind === 'ok') return { kind: 'ok', document: changed, policy: parsed.policy };
  const entryPath = new RegExp(`^lists\\[${String(at)}\\]\\.entries\\[(\\d+)\\]`);
  const problems = parsed.problems.map(({ path, message, value }) => {
    const line = lines[Number(entryPath.exec(path)?.[1] ?? NaN)];
    if (line === undefined) return { cell: '', message: `${path}: ${message}`, value };
    const said = line === lines[0] && !/\d/.test(line.cell) ? `${message}; ${MAYBE_TITLE}` : message;
    return { cell: cellName(column, line.row), message: said, value: isPersonal(of) ? null : line.cell };
  });
  return { kind: 'invalid', problems };
}

const isField = (of: unknown): of is FieldName => typeof of === 'string' && isFieldName(of);
const isPersonal = (of: unknown): boolean => !isField(of) || fieldDefinition(of).personal === true;
