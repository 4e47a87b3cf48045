import { TextDecoder } from 'node:util';
import { cellName, SheetError, type Sheet } from './sheet';

const FORMULA = /^'*[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+([.,]\d+)*$/;
/** In the order of preference where a first line has as many of each. */
const SEPARATORS = [';', ',', '\t'] as const;
/** Letters of one row. A longer one is a quote that nobody closed, or no CSV. */
const MAX_ROW_LENGTH = 65_536;
/** Bytes by which UTF-16 is told from UTF-8. */
const MARK_LENGTH = 2;
const NO_TEXT = 'o arquivo não está em UTF-8 nem em UTF-16: salve-o como "CSV UTF-8"';

/**
 * Reads CSV as it arrives: separated by semicolons, commas or tabs, whichever the first line has most of. Quotes as in
 * RFC 4180; lines end with LF, CR LF, CR alone (as old Macs write) or CR CR LF (as a file written twice as text has them).
 * UTF-8 or, where its mark says so, UTF-16. Every letter ends in a cell, or the whole is refused; no more than one row is
 * kept.
 * @throws SheetError (all methods) that names the cell at which it is no CSV
 */
export class CsvReader {
  #decoder: TextDecoder | undefined;
  #head: Uint8Array = new Uint8Array();
  #cell: RegExp | undefined;
  #separator = '';
  #text = '';
  #row = 0;

  /** @returns the rows that are whole by now */
  take(bytes: Uint8Array): string[][] {
    return this.#read(this.#decode(bytes), false);
  }

  /** @returns the rows that are left */
  end(): string[][] {
    return this.#read(this.#decode(new Uint8Array(), true), true);
  }

  #decode(bytes: Uint8Array, isLast = false): string {
    let begun = bytes;
    if (this.#decoder === undefined) {
      begun = this.#head = concatenated(this.#head, bytes);
      if (begun.length < MARK_LENGTH && !isLast) return '';
    }
    this.#decoder ??= new TextDecoder(encodingOf(begun), { fatal: true });
    try {
      return this.#decoder.decode(begun, { stream: !isLast });
    } catch {
      throw new SheetError('', NO_TEXT);
    }
  }

  #read(piece: string, isLast: boolean): string[][] {
    if (piece.includes('\0')) throw new SheetError('', 'o arquivo não é um texto');
    this.#text += piece;
    const text = isLast ? this.#text : withoutOpenEnd(this.#text);
    const rows: string[][] = [];
    if (!isLast && this.#cell === undefined && !/[\r\n]/.test(text) && text.length <= MAX_ROW_LENGTH)
      return rows;
    const cell = (this.#cell ??= this.#cellsOf(text));
    for (let from = 0; ;) {
      const row = this.#oneRow(cell, text, from, isLast);
      if (row !== undefined) {
        rows.push(row);
        this.#row += 1;
        from = cell.lastIndex;
      }
      if (row === undefined || from === text.length) {
        this.#text = this.#text.slice(from);
        return rows;
      }
    }
  }

  /** The first line decides what separates cells. */
  #cellsOf(text: string): RegExp {
    const [line = ''] = text.split(/[\r\n]/, 1);
    const count = (separator: string): number => line.split(separator).length;
    this.#separator = SEPARATORS.reduce((best, other) => (count(other) > count(best) ? other : best));
    return new RegExp(
      `(?:"([^"]*(?:""[^"]*)*)"|([^"${this.#separator}\\r\\n]*))(${this.#separator}|\\r\\r?\\n|\\n|\\r|$)`,
      'y',
    );
  }

  /** @returns undefined where the row may go on in what has not come yet */
  #oneRow(cell: RegExp, text: string, from: number, isLast: boolean): string[] | undefined {
    const row: string[] = [];
    const wrong = (why: string): SheetError => new SheetError(cellName(row.length, this.#row), why);
    for (cell.lastIndex = from; ;) {
      const at = cell.lastIndex;
      const found = cell.exec(text);
      if (found === null) {
        const isOpen = hasOpenQuote(text, at);
        if (isOpen && !isLast && text.length - from <= MAX_ROW_LENGTH) return undefined;
        throw wrong(isOpen ? 'a aspa que começa a célula não se fecha' : 'há uma aspa fora de lugar');
      }
      if (cell.lastIndex - from > MAX_ROW_LENGTH) throw wrong('a linha é longa demais');
      const [, quoted, bare = '', end] = found;
      if (end === '' && !isLast) return undefined;
      row.push(withoutGuard(quoted === undefined ? bare.trim() : quoted.replaceAll('""', '"')));
      if (end !== this.#separator) return row;
    }
  }
}

function concatenated(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

/** A CR at the end may be the first half, or third, of the end of a line. */
function withoutOpenEnd(text: string): string {
  if (!text.endsWith('\r')) return text;
  return text.slice(0, text.endsWith('\r\r') ? -2 : -1);
}

function hasOpenQuote(text: string, at: number): boolean {
  if (text[at] !== '"') return false;
  const closed = /"[^"]*(?:""[^"]*)*"(?!")/y;
  closed.lastIndex = at;
  return !closed.test(text);
}

/** What the mark at the beginning of a text says; without one it is UTF-8. */
export function encodingOf([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | 'utf-8' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/**
 * Separated by semicolons, which is what a spreadsheet set to Portuguese opens without asking. A text that a spreadsheet
 * would take for a formula has an apostrophe before it, which the reader takes away again.
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
