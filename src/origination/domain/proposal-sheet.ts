import { Cpf, Decimal, parseCalendarDate, type CalendarDate } from '../../kernel';
import { cellName, columnName, type Sheet } from '../../policy/domain';
import type { FgtsWishes } from './products/fgts';

/** What one line of a file asks for: a proposal for this borrower. */
export interface SheetProposal {
  readonly cpf: Cpf;
  readonly person: { readonly name?: string; readonly birth_date?: string; readonly is_pep?: boolean };
  readonly wishes: FgtsWishes;
}

/** What is wrong with a cell, never what stands in it: it may be personal. In Portuguese: people wrote it. */
export interface SheetProblem {
  /** As in `C7`. */
  readonly place: string;
  /** By its title. */
  readonly column: string;
  readonly message: string;
}

export type SheetLine = { readonly row: number } & (
  | { readonly kind: 'proposal'; readonly proposal: SheetProposal }
  | { readonly kind: 'refused'; readonly problems: readonly SheetProblem[] }
);

export type ProposalSheet =
  | { readonly kind: 'read'; readonly lines: readonly SheetLine[] }
  /** Not one line of it is looked at. */
  | { readonly kind: 'unreadable'; readonly place: string; readonly message: string };

/** The columns a file may have; only the first is needed. */
export const SHEET_COLUMNS = ['cpf', 'nome', 'data_nascimento', 'pep', 'valor_desejado'] as const;
type SheetColumn = (typeof SHEET_COLUMNS)[number];

/**
 * Reads a file of proposals, one a line under a head of titles. What cannot be read exactly is refused, line by line; a
 * borrower stands in a file once.
 * @param mostLines of one file, its head aside
 */
export function readProposalSheet(sheet: Sheet, mostLines: number, today: CalendarDate): ProposalSheet {
  const headRow = sheet.findIndex(isFilled);
  const head = (sheet[headRow] ?? []).map(titleOf);
  const wrong = problemOfHead(head, headRow);
  if (wrong !== undefined) return { kind: 'unreadable', ...wrong };
  const rows = sheet.flatMap((cells, row) => (row > headRow && isFilled(cells) ? [{ cells, row }] : []));
  if (rows.length === 0) return { kind: 'unreadable', place: '', message: 'nenhuma linha tem um cliente' };
  if (rows.length > mostLines) {
    const message = `são ${String(rows.length)} linhas; um arquivo tem no máximo ${String(mostLines)}`;
    return { kind: 'unreadable', place: '', message };
  }
  const file = { head, seen: new Map<string, number>(), readDate: dateReader(head, rows, today) };
  return { kind: 'read', lines: rows.map((line) => readLine(file, line)) };
}

interface Row {
  readonly cells: readonly string[];
  readonly row: number;
}

/** What a line is read with. */
interface Reading {
  readonly head: readonly string[];
  /** The lines of those whose CPF was read. */
  readonly seen: Map<string, number>;
  readonly readDate: (text: string) => string | Wrong | undefined;
}

const isFilled = (cells: readonly string[]): boolean => cells.some((cell) => cell.trim() !== '');
const titleOf = (cell: string): string => cell.trim().toLowerCase().replace(/\s+/g, '_');
const isColumn = (title: string): title is SheetColumn =>
  (SHEET_COLUMNS as readonly string[]).includes(title);

function problemOfHead(
  head: readonly string[],
  row: number,
): { readonly place: string; readonly message: string } | undefined {
  const known = `as colunas são ${SHEET_COLUMNS.join(', ')}`;
  if (!head.includes('cpf')) return { place: '', message: `falta a coluna cpf; ${known}` };
  const at = head.findIndex((title, column) => !isColumn(title) || head.indexOf(title) !== column);
  if (at === -1) return undefined;
  const what = head[at] === '' ? `a coluna ${columnName(at)} não tem título` : `a coluna não é esperada aqui`;
  return { place: cellName(at, row), message: `${what}; ${known}, cada uma uma vez` };
}

function readLine({ head, seen, readDate }: Reading, { cells, row }: Row): SheetLine {
  const problems: SheetProblem[] = [];
  const refuse = (column: SheetColumn | '', at: number, message: string): void => {
    problems.push({ place: cellName(at, row), column, message });
  };
  const read = <T>(column: SheetColumn, reader: (text: string) => T | Wrong | undefined): T | undefined => {
    const at = head.indexOf(column);
    const value = reader((cells[at] ?? '').trim());
    if (!(value instanceof Wrong)) return value;
    refuse(column, at, value.message);
    return undefined;
  };
  cells.forEach((cell, at) => {
    if (at >= head.length && cell.trim() !== '') refuse('', at, 'há um valor fora das colunas com título');
  });
  const cpf = read('cpf', (text) => readCpf(text, row, seen));
  const name = read('nome', readName);
  const birthDate = read('data_nascimento', readDate);
  const isPep = read('pep', readYesNo);
  const amount = read('valor_desejado', readReais);
  if (problems.length > 0 || cpf === undefined) return { kind: 'refused', row: row + 1, problems };
  const person = {
    ...(name !== undefined && { name }),
    ...(birthDate !== undefined && { birth_date: birthDate }),
    ...(isPep !== undefined && { is_pep: isPep }),
  };
  const wishes: FgtsWishes = amount === undefined ? { kind: 'maximum' } : { kind: 'target', amount };
  return { kind: 'proposal', row: row + 1, proposal: { cpf, person, wishes } };
}

class Wrong {
  constructor(readonly message: string) {}
}

function readCpf(text: string, row: number, seen: Map<string, number>): Cpf | Wrong {
  if (text === '') return new Wrong('falta o CPF');
  const cpf = /^\d{11}$|^\d{3}\.\d{3}\.\d{3}-\d{2}$/.test(text) ? Cpf.parse(text) : undefined;
  if (cpf === undefined)
    return new Wrong('o CPF tem 11 dígitos; a planilha pode ter tirado os zeros do começo');
  if (!cpf.isValid) return new Wrong('os dígitos do CPF não conferem');
  const before = seen.get(cpf.reveal());
  if (before !== undefined) return new Wrong(`o CPF já está na linha ${String(before)}`);
  seen.set(cpf.reveal(), row + 1);
  return cpf;
}

function readName(text: string): string | Wrong | undefined {
  if (text === '') return undefined;
  return text.length > 200 ? new Wrong('o nome tem no máximo 200 caracteres') : text;
}

const DAY_FIRST = '$3-$2-$1';
const MONTH_FIRST = '$3-$1-$2';
const dateIn = (text: string, order: string): CalendarDate | undefined =>
  parseCalendarDate(text.replace(/^(\d{2})\/(\d{2})\/(\d{4})$/, order));

/**
 * Dates are written day first. Where one of a file can only be month first, as a spreadsheet set to English writes them, those that
 * may be either are not taken for the one or the other: an FGTS withdrawal goes by the month of birth.
 */
function dateReader(
  head: readonly string[],
  rows: readonly Row[],
  today: CalendarDate,
): (text: string) => CalendarDate | Wrong | undefined {
  const column = head.indexOf('data_nascimento');
  const textIn = ({ cells }: Row): string => (cells[column] ?? '').trim();
  const monthFirst = rows.find(
    (row) => dateIn(textIn(row), DAY_FIRST) === undefined && dateIn(textIn(row), MONTH_FIRST) !== undefined,
  );
  return (text) => {
    if (text === '') return undefined;
    const date = dateIn(text, DAY_FIRST);
    if (date === undefined) return new Wrong('informe uma data que existe, como 31/12/1980');
    const other = dateIn(text, MONTH_FIRST);
    if (monthFirst !== undefined && other !== undefined && other !== date) {
      const place = cellName(column, monthFirst.row);
      return new Wrong(
        `pode ser dia/mês ou mês/dia, e a célula ${place} só pode ser mês/dia: escreva todas como 31/12/1980`,
      );
    }
    return date > today ? new Wrong('a data de nascimento está no futuro') : date;
  };
}

function readYesNo(text: string): boolean | Wrong | undefined {
  switch (text.toLowerCase()) {
    case '':
      return undefined;
    case 'sim':
    case 's':
      return true;
    case 'não':
    case 'nao':
    case 'n':
      return false;
    default:
      return new Wrong('responda sim ou não');
  }
}

/** "1.234" may be a thousand or little more than one: it is refused. */
function readReais(text: string): Decimal | Wrong | undefined {
  if (text === '') return undefined;
  const plain = /^\d{1,3}(\.\d{3})*,\d{1,2}$/.test(text) ? text.replaceAll('.', '').replace(',', '.') : text;
  const isRead = /^\d{1,7}(\.\d{1,2})?$/.test(plain.replace(',', '.'));
  const value = isRead ? new Decimal(plain.replace(',', '.')) : undefined;
  return value?.gt(0) === true && value.lte(1_000_000)
    ? value
    : new Wrong('informe um valor em reais, como 1234,56; em branco é o máximo');
}
