import { setImmediate } from 'node:timers/promises';
import { strToU8, Zip, ZipDeflate, zipSync } from 'fflate';
import { partsAround, SHEET_HEAD, SHEET_PART, SHEET_TAIL, xmlText } from '../../platform';
import { columnName, type Sheet } from '../domain/sheet';

const [HEAD, TAIL] = [`${SHEET_HEAD}<sheetData>`, `</sheetData>${SHEET_TAIL}`];

/** One sheet, every cell as text: a spreadsheet program then shows and keeps each digit as it stands. */
export function writeXlsx(name: string, sheet: Sheet): Uint8Array {
  const parts = { ...partsAround(sheetName(name)), [SHEET_PART]: `${HEAD}${rowsOf(sheet, 0)}${TAIL}` };
  return zipSync(Object.fromEntries(Object.entries(parts).map(([path, text]) => [path, strToU8(text)])));
}

/** Some milliseconds' work. */
const ROWS_AT_ONCE = 1_000;

/** The same of a sheet that is too long to be written at once on the thread that bids. */
export async function* writeXlsxInPieces(
  name: string,
  chunks: AsyncIterable<Sheet>,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error;
    ready.push(piece);
  });
  const open = (path: string): ZipDeflate => {
    const part = new ZipDeflate(path);
    zip.add(part);
    return part;
  };
  for (const [path, text] of Object.entries(partsAround(sheetName(name))))
    open(path).push(strToU8(text), true);
  const part = open(SHEET_PART);
  part.push(strToU8(HEAD));
  let written = 0;
  for await (const chunk of chunks)
    for (let from = 0; from < chunk.length; from += ROWS_AT_ONCE) {
      const rows = chunk.slice(from, from + ROWS_AT_ONCE);
      part.push(strToU8(rowsOf(rows, written)));
      written += rows.length;
      yield* ready.splice(0);
      await setImmediate();
    }
  part.push(strToU8(TAIL), true);
  zip.end();
  yield* ready;
}

/** @param before how many rows stand above them */
function rowsOf(sheet: Sheet, before: number): string {
  // Some readers want to be told where each cell stands.
  const cell = (value: string, column: number, row: string): string =>
    `<c r="${columnName(column)}${row}" t="inlineStr"><is><t xml:space="preserve">${xmlText(value)}</t></is></c>`;
  const rows = sheet.map((cells, at) => {
    const row = String(before + at + 1);
    return `<row r="${row}">${cells.map((value, column) => cell(value, column, row)).join('')}</row>`;
  });
  return rows.join('');
}

const sheetName = (name: string): string => name.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31) || 'Tabela';
