import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { withoutEmptyEnd, type Sheet } from './domain';

/** A file that is no workbook, or one larger than a policy can be. */
export class XlsxError extends Error {
  override readonly name = 'XlsxError';
}

const MAX_PART_BYTES = 64 * 1024 * 1024;
const MAX_COLUMNS = 200;
/** What a spreadsheet program can hold at most. */
const MAX_ROWS = 1_048_576;
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

/** One sheet, every cell as text: a spreadsheet program then shows and keeps each digit as it stands. */
export function writeXlsx(name: string, sheet: Sheet): Uint8Array {
  const cell = (value: string): string =>
    `<c t="inlineStr"><is><t xml:space="preserve">${escape(value)}</t></is></c>`;
  const rows = sheet.map((row) => `<row>${row.map(cell).join('')}</row>`).join('');
  const relations = (type: string, target: string): string =>
    `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/${type}" Target="${target}"/></Relationships>`;
  const parts = {
    '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
    '_rels/.rels': relations('officeDocument', 'xl/workbook.xml'),
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${escape(sheetName(name))}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations('worksheet', 'worksheets/sheet1.xml'),
    'xl/worksheets/sheet1.xml': `${XML}<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`,
  };
  return zipSync(Object.fromEntries(Object.entries(parts).map(([path, text]) => [path, strToU8(text)])));
}

/** The first sheet of a workbook, its values as text. @throws XlsxError when it cannot be read. */
export function readXlsx(bytes: Uint8Array): Sheet {
  const parts = unzipped(bytes);
  const path = Object.keys(parts)
    .filter((name) => /^xl\/worksheets\/sheet\d+\.xml$/.test(name))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];
  if (path === undefined) throw new XlsxError('o arquivo não é uma planilha XLSX');
  const shared = [
    ...(parts['xl/sharedStrings.xml'] ?? '').matchAll(/<(?:\w+:)?si\b[^>]*>(.*?)<\/(?:\w+:)?si>/gs),
  ];
  const strings = shared.map(([, item = '']) => textIn(item));
  const rows: string[][] = [];
  for (const [, placed = '', body = ''] of (parts[path] ?? '').matchAll(
    /<(?:\w+:)?row\b([^>]*?)(?:\/>|>(.*?)<\/(?:\w+:)?row>)/gs,
  )) {
    const number = Number(/\br="(\d+)"/.exec(placed)?.[1] ?? rows.length + 1);
    if (number > MAX_ROWS) throw new XlsxError('a planilha tem linhas demais');
    while (rows.length < number - 1) rows.push([]); // rows that say nothing need not be there
    const row: string[] = [];
    for (const [, attributes = '', content = ''] of body.matchAll(
      /<(?:\w+:)?c\b([^>]*?)(?:\/>|>(.*?)<\/(?:\w+:)?c>)/gs,
    )) {
      const letters = /\br="([A-Z]{1,3})\d+"/.exec(attributes)?.[1];
      const at = letters === undefined ? row.length : columnAt(letters);
      if (at >= MAX_COLUMNS) throw new XlsxError('a planilha tem colunas demais');
      while (row.length < at) row.push('');
      row[at] = valueOf(/\bt="(\w+)"/.exec(attributes)?.[1], content, strings).trim();
    }
    rows.push(row);
  }
  return withoutEmptyEnd(rows);
}

function unzipped(bytes: Uint8Array): Readonly<Record<string, string>> {
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!/^xl\/(worksheets\/sheet\d+|sharedStrings)\.xml$/.test(name)) return false;
        if (originalSize > MAX_PART_BYTES) throw new XlsxError('a planilha é grande demais');
        return true;
      },
    });
    return Object.fromEntries(Object.entries(files).map(([name, content]) => [name, strFromU8(content)]));
  } catch (error) {
    throw error instanceof XlsxError ? error : new XlsxError('o arquivo não é uma planilha XLSX');
  }
}

function valueOf(type: string | undefined, content: string, strings: readonly string[]): string {
  if (type === 'inlineStr') return textIn(content);
  const value = unescape(/<(?:\w+:)?v\b[^>]*>(.*?)<\/(?:\w+:)?v>/s.exec(content)?.[1] ?? '');
  if (type === 's') return strings[Number(value)] ?? '';
  if (type === 'b') return value === '1' ? 'true' : 'false';
  if (type === 'str' || type === 'e' || value === '') return value;
  // A spreadsheet keeps a number as a binary fraction; its shortest decimal form is what was typed.
  const shortest = String(Number(value));
  return /^-?\d+(\.\d+)?$/.test(shortest) ? shortest : value;
}

const textIn = (xml: string): string =>
  [...xml.matchAll(/<(?:\w+:)?t\b[^>]*?(?:\/>|>(.*?)<\/(?:\w+:)?t>)/gs)]
    .map(([, piece = '']) => unescape(piece))
    .join('');

const columnAt = (letters: string): number =>
  Array.from(letters).reduce((at, letter) => at * 26 + letter.charCodeAt(0) - 64, 0) - 1;

const sheetName = (name: string): string => name.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31) || 'Tabela';

// Control characters have no form in XML.
const escape = (text: string): string =>
  text
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;');

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescape = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));/g,
    (whole, hex?: string, dec?: string, name?: string) => {
      if (name !== undefined) return NAMED[name] ?? whole;
      const code = hex === undefined ? Number(dec) : Number(`0x${hex}`);
      return code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
    },
  );
