import { strToU8, zipSync } from 'fflate';
import type { Sheet } from '../../src/policy/domain';
import type { SheetAnswer, SheetJob } from '../../src/policy/sheets/sheet-job';
import { SheetReading } from '../../src/policy/sheets/sheet-reading';

export const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

/** Rows that say nothing are empty, so that every other one keeps its number; the last one says something. */
export function withoutEmptyEnd(rows: Sheet): Sheet {
  const filled = rows.map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1));
  return filled.slice(0, filled.findLastIndex((row) => row.length > 0) + 1);
}

/** What a thread would answer to a file that comes in one piece. */
export function answerTo(bytes: Uint8Array, job: SheetJob): SheetAnswer {
  const reading = new SheetReading(job);
  return reading.take(bytes) ?? reading.end();
}

/** A file as it is read, or why it is not. */
export function sheetIn(bytes: Uint8Array, format: SheetJob['format'], tab?: string): Sheet | string {
  const answer = answerTo(bytes, { format, ...(tab !== undefined && { tab }) });
  if (answer.kind === 'refused')
    return answer.place === '' ? answer.reason : `${answer.place}: ${answer.reason}`;
  if (answer.kind !== 'sheet') throw new Error('asked for a sheet');
  return answer.sheet;
}

export interface WorkbookParts {
  /** The inside of `sheetData`, or a whole worksheet. */
  readonly sheet: string;
  /** The inside of `sst`. */
  readonly strings?: string;
  /** The inside of `styleSheet`. */
  readonly styles?: string;
  /** The inside of `sheets`. */
  readonly tabs?: string;
  /** The attributes of `calcPr`. */
  readonly calculation?: string;
  /** Other parts, or these in other words. */
  readonly more?: Readonly<Record<string, string>>;
}

/** The parts of a small workbook as a spreadsheet program would write it. */
export function workbookParts({
  sheet,
  strings,
  styles,
  tabs,
  calculation,
  more = {},
}: WorkbookParts): Record<string, string> {
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  const relations = (...all: readonly string[]): string =>
    `<Relationships xmlns="${PACKAGE}/relationships">${all.join('')}</Relationships>`;
  const types = `<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`;
  return {
    '[Content_Types].xml': types,
    '_rels/.rels': relations(relation('r1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${tabs ?? '<sheet name="Vigente" sheetId="1" r:id="r1"/>'}</sheets>${calculation === undefined ? '' : `<calcPr ${calculation}/>`}</workbook>`,
    'xl/_rels/workbook.xml.rels': relations(
      relation('r1', 'worksheet', 'worksheets/sheet1.xml'),
      ...(strings === undefined ? [] : [relation('r2', 'sharedStrings', 'sharedStrings.xml')]),
      ...(styles === undefined ? [] : [relation('r3', 'styles', 'styles.xml')]),
    ),
    'xl/worksheets/sheet1.xml': sheet.includes('worksheet')
      ? sheet
      : `<worksheet xmlns="${MAIN}"><sheetData>${sheet}</sheetData></worksheet>`,
    ...(strings !== undefined && { 'xl/sharedStrings.xml': `<sst xmlns="${MAIN}">${strings}</sst>` }),
    ...(styles !== undefined && { 'xl/styles.xml': `<styleSheet xmlns="${MAIN}">${styles}</styleSheet>` }),
    ...more,
  };
}

export function zipped(parts: Readonly<Record<string, string>>, level: 0 | 6 = 6): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])), {
    level,
  });
}

export const workbook = (parts: WorkbookParts): Uint8Array => zipped(workbookParts(parts));
