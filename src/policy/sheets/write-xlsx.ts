import { setImmediate } from 'node:timers/promises';
import { strToU8, Zip, ZipDeflate, zipSync } from 'fflate';
import { columnName, type Sheet } from '../domain/sheet';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

const SHEET = 'xl/worksheets/sheet1.xml';
const [HEAD, TAIL] = [`${XML}<worksheet xmlns="${MAIN}"><sheetData>`, '</sheetData></worksheet>'];

/** One sheet, every cell as text: a spreadsheet program then shows and keeps each digit as it stands. */
export function writeXlsx(name: string, sheet: Sheet): Uint8Array {
  const parts = { ...partsAround(name), [SHEET]: `${HEAD}${rowsOf(sheet, 0)}${TAIL}` };
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
  for (const [path, text] of Object.entries(partsAround(name))) open(path).push(strToU8(text), true);
  const part = open(SHEET);
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
    `<c r="${columnName(column)}${row}" t="inlineStr"><is><t xml:space="preserve">${escape(value)}</t></is></c>`;
  const rows = sheet.map((cells, at) => {
    const row = String(before + at + 1);
    return `<row r="${row}">${cells.map((value, column) => cell(value, column, row)).join('')}</row>`;
  });
  return rows.join('');
}

/** What a workbook has besides its sheet. */
function partsAround(name: string): Readonly<Record<string, string>> {
  const relations = (type: string, target: string): string =>
    `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/${type}" Target="${target}"/></Relationships>`;
  return {
    '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
    '_rels/.rels': relations('officeDocument', 'xl/workbook.xml'),
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${escape(sheetName(name))}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations('worksheet', 'worksheets/sheet1.xml'),
  };
}

const sheetName = (name: string): string => name.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31) || 'Tabela';

/** What XML cannot hold is left out; what a spreadsheet would take for one of its escapes is escaped. */
const escape = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll('\r', '_x000D_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
