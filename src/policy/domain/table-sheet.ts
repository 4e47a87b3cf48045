import type { Steps } from '../../kernel';
import { cellName, type Sheet } from './sheet';
import type { Table } from './document';
import { fieldDefinition, isFieldName } from './fields';
import { itemsOf, member } from './json-parts';
import type { Cell } from './operands';
import { parsePolicyInSteps, type Policy, type PolicyProblem } from './policy';
import { placeOf, sectionAt, type TableAddress } from './sections';

/** One thing wrong with a sheet: where, as a spreadsheet names the cell, what, and what stood there. */
export interface CellProblem {
  /** As in `C7`; empty when it is not the matter of one cell. */
  readonly cell: string;
  readonly message: string;
  readonly value: string | null;
}

export type SheetImport =
  | { readonly kind: 'ok'; readonly document: unknown; readonly policy: Policy }
  | { readonly kind: 'invalid'; readonly problems: readonly CellProblem[] };

/** A line that says something, and which one of the sheet it is, from 0. */
interface SheetLine {
  readonly cells: readonly string[];
  readonly row: number;
}

const isFilled = (cells: readonly string[]): boolean => cells.some((cell) => cell !== '');

const ID = 'linha';
const OUTPUTS = {
  price: ['monthly_interest_rate', 'days_to_expiration', 'rebates'],
  limits: ['minimum_amount', 'maximum_amount', 'minimum_installments', 'maximum_installments'],
  eligibility: ['decision'],
  loss: ['expected_loss_rate', 'prepayment_monthly_rate'],
} as const satisfies Readonly<Record<Table['kind'], readonly string[]>>;
const INTEGERS = new Set(['days_to_expiration', 'minimum_installments', 'maximum_installments']);
/** No rebates at all, where an empty cell means those of the section. */
const NO_REBATES = 'nenhum';

/**
 * A table as a sheet: one line a row, one column for its name, each input and each output.
 * Cells: `any`; a range `12..24` (24 is outside), `12..`, `..24`; values `a; b`; a list of the document `lista:nome`.
 * An empty output is the section's own; `nenhum` are no rebates.
 */
export function sheetOf(table: Table): Sheet {
  const outputs: readonly string[] = OUTPUTS[table.kind];
  const header = [ID, ...table.columns, ...outputs];
  const line = (row: Table['rows'][number]): readonly string[] => [
    row.id,
    ...table.columns.map((column) => writeCell(row.when[column] ?? 'any')),
    ...outputs.map((name) => writeOutput(Reflect.get(row.then, name))),
  ];
  return [header, ...table.rows.map(line)];
}

function writeCell(cell: Cell): string {
  if (cell === 'any') return 'any';
  if ('list' in cell) return `lista:${cell.list}`;
  if (Array.isArray(cell)) return cell.join('; ');
  const { from, below } = cell as { readonly from?: unknown; readonly below?: unknown };
  return `${text(from)}..${text(below)}`;
}

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

function writeOutput(value: unknown): string {
  if (!Array.isArray(value)) return text(value);
  if (value.length === 0) return NO_REBATES;
  return value
    .map((rebate: Readonly<Record<string, unknown>>) =>
      [rebate.fee_type, rebate.amount_type, rebate.amount].map(text).join(' '),
    )
    .join('; ');
}

/**
 * Puts the rows of a sheet into a table of a document, in place of those it has. The document is read whole after it,
 * so that a sheet that overlaps, leaves nothing reachable or breaks an order is refused as well; each problem comes
 * with its cell.
 */
export function* importSheet(
  document: unknown,
  { product, table: tableId }: TableAddress,
  sheet: Sheet,
): Steps<SheetImport> {
  const tables = itemsOf(sectionAt(document, product), 'tables');
  const at = tables.findIndex((table) => member(table, 'id') === tableId);
  const kind = member(tables[at], 'kind');
  if (!isKind(kind)) return refused('', 'a política não tem uma tabela com este nome', tableId);
  const columns = itemsOf(tables[at], 'columns').map(String);
  const expected = [ID, ...columns, ...OUTPUTS[kind]];
  const [head, ...lines] = sheet.map((cells, row) => ({ cells, row })).filter(({ cells }) => isFilled(cells));
  const { cells: header, row: top } = head ?? { cells: [], row: 0 };
  const wrong = expected.findIndex((name, index) => header[index] !== name);
  if (wrong >= 0)
    return refused(cellName(wrong, top), `esperada a coluna ${expected[wrong] ?? ''}`, header[wrong] ?? null);
  const surplus = header.findIndex((_, index) => index >= expected.length);
  if (surplus >= 0)
    return refused(cellName(surplus, top), 'a tabela não tem esta coluna', header[surplus] ?? null);
  const rows = lines.map(({ cells }) => readLine(cells, columns, OUTPUTS[kind]));
  const changed = withMember(
    document,
    [...placeOf(product), 'tables'],
    tables.map((table, index) => (index === at ? { ...(table as object), rows } : table)),
  );
  const parsed = yield* parsePolicyInSteps(changed);
  if (parsed.kind === 'ok') return { kind: 'ok', document: changed, policy: parsed.policy };
  const problems = parsed.problems.map((problem) =>
    inSheet(problem, [...placeOf(product), `tables[${String(at)}]`].join('.'), expected, lines),
  );
  return { kind: 'invalid', problems };
}

const isKind = (kind: unknown): kind is Table['kind'] =>
  typeof kind === 'string' && Object.hasOwn(OUTPUTS, kind);

/** A copy of a document with another value at a place. */
function withMember(document: unknown, [key, ...further]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  return { ...(document as object), [key]: withMember(member(document, key), further, value) };
}

/** Refused for one reason. */
export function refused(cell: string, message: string, value: string | null): SheetImport {
  return { kind: 'invalid', problems: [{ cell, message, value }] };
}

function readLine(line: readonly string[], columns: readonly string[], outputs: readonly string[]) {
  const when = columns.map((column, index) => [column, readCell(column, line[index + 1] ?? '')] as const);
  const then = outputs.flatMap((name, index) => {
    const cell = line[index + 1 + columns.length] ?? '';
    return cell === '' ? [] : [[name, readOutput(name, cell)] as const];
  });
  return { id: line[0] ?? '', when: Object.fromEntries(when), then: Object.fromEntries(then) };
}

/** Only takes a cell apart; whether its parts are good is for the document to say. */
function readCell(column: string, cell: string): unknown {
  if (cell === 'any' || cell === '') return cell;
  if (cell.startsWith('lista:')) return { list: cell.slice('lista:'.length) };
  const type = isFieldName(column) ? fieldDefinition(column).type : 'text';
  const scalar = (part: string): unknown => {
    if (type === 'integer') return asInteger(part);
    if (type === 'boolean') return part === 'true' ? true : part === 'false' ? false : part;
    return part;
  };
  const range = /^(.*?)\.\.(.*)$/.exec(cell);
  if (range === null) return cell.split(';').map((part) => scalar(part.trim()));
  const [, from = '', below = ''] = range.map((part) => part.trim());
  return { ...(from !== '' && { from: scalar(from) }), ...(below !== '' && { below: scalar(below) }) };
}

function readOutput(name: string, cell: string): unknown {
  if (INTEGERS.has(name)) return asInteger(cell);
  if (name !== 'rebates') return cell;
  if (cell.toLowerCase() === NO_REBATES) return [];
  return cell.split(';').map((part) => {
    const [fee_type, amount_type, amount, ...surplus] = part.trim().split(/\s+/);
    return amount === undefined || surplus.length > 0 ? part.trim() : { fee_type, amount_type, amount };
  });
}

const asInteger = (part: string): unknown => (/^-?\d{1,15}$/.test(part) ? Number(part) : part);

function inSheet(
  { path, message, value }: PolicyProblem,
  table: string,
  columns: readonly string[],
  lines: readonly SheetLine[],
): CellProblem {
  const inTable = path.startsWith(`${table}.`) ? path.slice(table.length + 1) : '';
  const match = /^rows\[(\d+)\](?:\.(?:when|then)\.([a-z_]+)|\.id)?/.exec(inTable);
  if (match === null) return { cell: '', message: `${path}: ${message}`, value };
  const line = lines[Number(match[1])];
  const column = match[2] === undefined ? 0 : columns.indexOf(match[2]);
  const shown = value === null ? null : (line?.cells[column] ?? value);
  return { cell: cellName(Math.max(column, 0), line?.row ?? 0), message, value: shown };
}
