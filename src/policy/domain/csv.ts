/** Rows of text cells, as every spreadsheet program reads and writes them. */
export type Sheet = readonly (readonly string[])[];

/** A text that cannot be read exactly; what could be is not given, for something would be missing. */
export class CsvError extends Error {
  override readonly name = 'CsvError';

  /** @param cell as in `C7`; empty when it is not the matter of one cell */
  constructor(
    readonly cell: string,
    message: string,
  ) {
    super(cell === '' ? message : `${cell}: ${message}`);
  }
}

const FORMULA = /^'*[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+([.,]\d+)*$/;

/**
 * Reads CSV in UTF-8 or, where its mark says so, in UTF-16.
 * @throws CsvError when the bytes are no text, or the text is no CSV
 */
export function readCsvBytes(bytes: Uint8Array): Sheet {
  let text: string;
  try {
    text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    throw new CsvError('', 'o arquivo não está em UTF-8 nem em UTF-16: salve-o como "CSV UTF-8"');
  }
  return readCsv(text);
}

/** What the mark at the beginning of a text says; without one it is UTF-8. */
export function encodingOf([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | 'utf-8' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/**
 * Reads CSV separated by semicolons or commas, whichever the first line has more of. Quotes as in RFC 4180; lines end with
 * LF, CR LF, CR alone (as old Macs write) or CR CR LF (as a file written twice as text has them). The whole text is read.
 * @throws CsvError that names the cell at which it is no CSV
 */
export function readCsv(text: string): Sheet {
  const body = text.replace(/^\uFEFF/, '');
  if (body.includes('\0')) throw new CsvError('', 'o arquivo não é um texto');
  const [firstLine = ''] = body.split(/[\r\n]/, 1);
  const separator = firstLine.split(';').length >= firstLine.split(',').length ? ';' : ',';
  const cell = new RegExp(
    `(?:"([^"]*(?:""[^"]*)*)"|([^"${separator}\\r\\n]*))(${separator}|\\r\\r?\\n|\\n|\\r|$)`,
    'y',
  );
  const rows: string[][] = [];
  for (let row: string[] = []; ;) {
    const at = cell.lastIndex;
    const found = cell.exec(body);
    if (found === null) throw new CsvError(cellName(row.length, rows.length), wrongAt(body, at));
    const [, quoted, bare = '', end] = found;
    row.push(withoutGuard(quoted === undefined ? bare.trim() : quoted.replaceAll('""', '"')));
    if (end === separator) continue;
    rows.push(row);
    if (end === '') return withoutEmptyEnd(rows);
    row = [];
  }
}

function wrongAt(body: string, at: number): string {
  return body[at] === '"' && !/^"[^"]*(?:""[^"]*)*"/.test(body.slice(at))
    ? 'a aspa que começa a célula não se fecha'
    : 'há uma aspa fora de lugar';
}

/** Rows that say nothing are empty, so that every other one keeps its number; the last one says something. */
export function withoutEmptyEnd(rows: Sheet): Sheet {
  const filled = rows.map((row) => (row.some((cell) => cell !== '') ? row : []));
  return filled.slice(0, filled.findLastIndex((row) => row.length > 0) + 1);
}

/**
 * Separated by semicolons, which is what a spreadsheet set to Portuguese opens without asking. A text that a spreadsheet
 * would take for a formula has an apostrophe before it, which `readCsv` takes away again.
 */
export function writeCsv(sheet: Sheet): string {
  return sheet.map((row) => `${row.map((cell) => quotedCell(guarded(cell))).join(';')}\r\n`).join('');
}

/** As it stands between semicolons. */
export function quotedCell(cell: string): string {
  return /[";\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function guarded(cell: string): string {
  return FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
}

function withoutGuard(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

/** As a spreadsheet names it: column by letter, row from 1. */
export function cellName(column: number, row: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  const before = column < 26 ? '' : String.fromCharCode(64 + Math.floor(column / 26));
  return `${before}${letter}${String(row + 1)}`;
}
