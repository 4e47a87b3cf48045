import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { strToU8, Zip, ZipPassThrough } from 'fflate';
import { MAIN, workbook, workbookParts } from './sheets';

const MEGABYTE = 1024 * 1024;
const SHEET = 'xl/worksheets/sheet1.xml';

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
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    chunks.push(chunk);
  });
  const small = Object.entries(workbookParts({ sheet: '' })).map(
    ([name, text]) => [name, strToU8(text)] as const,
  );
  for (const [name, bytes] of Object.entries({ ...Object.fromEntries(small), [SHEET]: sheet })) {
    const part = new NativelyDeflated(name);
    zip.add(part);
    part.push(bytes, true);
  }
  zip.end();
  return Buffer.concat(chunks);
}

/** A part of a zip file that comes in one piece. fflate needs seconds for what Node deflates in a tenth of one. */
class NativelyDeflated extends ZipPassThrough {
  constructor(name: string) {
    super(name);
    this.compression = 8;
  }

  protected override process(chunk: Uint8Array, final: boolean): void {
    this.ondata(null, deflateRawSync(chunk, { level: 1 }), final);
  }
}

function sharedByMany(): Uint8Array {
  const row = `<row>${'<c t="s"><v>0</v></c>'.repeat(190)}</row>`;
  return workbook({ sheet: row.repeat(1_000), strings: `<si><t>${'y'.repeat(32_000)}</t></si>` });
}
