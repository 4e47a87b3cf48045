import { randomBytes } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { MAIN, workbook, workbookParts } from './sheets';

const MEGABYTE = 1024 * 1024;

/** Workbooks made to hurt whoever reads them, and what is said of each. */
export const HOSTILE_FILES: readonly (readonly [what: string, file: () => Uint8Array, refused: string])[] = [
  ['a small file with a row far away', () => workbook({ sheet: farRow(1_048_576) }), 'linhas demais'],
  ['a part that unpacks to 80 MB', () => bomb(new Uint8Array(80 * MEGABYTE)), 'grande demais'],
  ['a part of 30 MB in one text', () => bomb(worksheet('y'.repeat(30 * MEGABYTE))), 'texto longo demais'],
  ['a text that 190,000 cells share', sharedByMany, 'letras demais'],
  ['depth without end', () => bomb(worksheet('<a>'.repeat(MEGABYTE))), 'elementos demais'],
  ['nothing but noise', () => randomBytes(4 * MEGABYTE), 'não é uma planilha XLSX'],
];

const farRow = (row: number): string => `<row r="${String(row)}"><c r="A${String(row)}"><v>1</v></c></row>`;
const worksheet = (inside: string): Uint8Array => strToU8(`<worksheet xmlns="${MAIN}">${inside}`);

function bomb(sheet: Uint8Array): Uint8Array {
  const parts = Object.entries(workbookParts({ sheet: '' })).map(
    ([name, text]) => [name, strToU8(text)] as const,
  );
  return zipSync({ ...Object.fromEntries(parts), 'xl/worksheets/sheet1.xml': [sheet, { level: 1 }] });
}

function sharedByMany(): Uint8Array {
  const row = `<row>${'<c t="s"><v>0</v></c>'.repeat(190)}</row>`;
  return workbook({ sheet: row.repeat(1_000), strings: `<si><t>${'y'.repeat(32_000)}</t></si>` });
}
