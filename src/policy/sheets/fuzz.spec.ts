import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { naiveCsv } from '../../../test/support/naive-csv';
import { times } from '../../../test/support/repetitions';
import { markupIn, mutated, mutations, packedPartsOf } from '../../../test/support/sheet-mutations';
import { MAIN, sheetIn, withoutEmptyEnd, workbookParts, zipped } from '../../../test/support/sheets';
import { writeCsv } from '../domain/csv';
import { cellName, type Sheet } from '../domain/sheet';
import { SheetReading } from './sheet-reading';

/** Together 300 in `npm test`, 5,000 when we are thorough. */
const RUNS = { seed: 20_261_127, numRuns: times(75, 1_250) };
const HEAP_BYTES = 256 * 1024 * 1024;

const TEXTS = [
  '29113956',
  '0.0259',
  '12..24',
  'a; b',
  'São João',
  'x&y',
  '<a>',
  '"q"',
  "o'b",
  '😀',
  'a  b',
  ']]>',
];
const NUMBERS = ['29113956', '0.0259', '3000', '0.1', '12345678901'];
const texts = fc.constantFrom(...TEXTS, ...NUMBERS);

/** A cell, and one of the ways in which a spreadsheet may write it. */
interface Cell {
  readonly text: string;
  readonly as: 'shared' | 'inline' | 'rich' | 'formula' | 'number' | 'long' | 'nothing';
}
const cells: fc.Arbitrary<Cell> = fc.oneof(
  fc.record({ text: texts, as: fc.constantFrom<Cell['as'][]>('shared', 'inline', 'rich', 'formula') }),
  fc.record({ text: fc.constantFrom(...NUMBERS), as: fc.constantFrom<Cell['as'][]>('number', 'long') }),
  fc.constant<Cell>({ text: '', as: 'nothing' }),
);
const written = fc.record({
  rows: fc.array(fc.array(cells, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
  prefix: fc.constantFrom('', 'x:'),
  quote: fc.constantFrom('"', "'"),
  hasPlaces: fc.boolean(),
  between: fc.constantFrom('', '\n  ', '<!-- <c/> -->', '<?p i?>'),
  escape: fc.constantFrom(named, numbered, quoted),
});
type Written = typeof written extends fc.Arbitrary<infer T> ? T : never;

function named(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
function numbered(text: string): string {
  return Array.from(text, (letter) => `&#x${(letter.codePointAt(0) ?? 0).toString(16)};`).join('');
}
function quoted(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

function partsOf({ rows, prefix, quote, hasPlaces, between, escape }: Written): Record<string, string> {
  const strings = ['', ...TEXTS, ...NUMBERS];
  const element = (name: string, attributes: Record<string, string>, inside: string): string => {
    const said = Object.entries(attributes).map(([key, value]) => ` ${key}=${quote}${value}${quote}`);
    return `<${prefix}${name}${said.join('')}>${inside}</${prefix}${name}>`;
  };
  const t = (text: string): string => element('t', {}, escape(text));
  const v = (text: string): string => element('v', {}, text);
  const cellOf = ({ text, as }: Cell, column: number, row: number): string => {
    const place = hasPlaces ? { r: cellName(column, row) } : {};
    const cell = (type: string | undefined, inside: string): string =>
      element('c', { ...place, ...(type !== undefined && { t: type }) }, `${between}${inside}${between}`);
    switch (as) {
      case 'shared':
        return cell('s', v(String(strings.indexOf(text))));
      case 'inline':
        return cell('inlineStr', element('is', {}, t(text)));
      case 'rich':
        return cell(
          'inlineStr',
          element(
            'is',
            {},
            `${element('r', {}, t(text.slice(0, 2)))}${element('r', {}, t(text.slice(2)))}${element('rPh', {}, t('não'))}`,
          ),
        );
      case 'formula':
        return cell('str', `${element('f', {}, 'A1')}${v(escape(text))}`);
      case 'number':
        return cell(undefined, v(Number(text).toExponential()));
      case 'long':
        return cell('n', v(Number(text).toPrecision(17)));
      case 'nothing':
        return cell(undefined, '');
    }
  };
  const lines = rows.map((line, row) =>
    element(
      'row',
      hasPlaces ? { r: String(row + 1) } : {},
      `${between}${line.map((cell, column) => cellOf(cell, column, row)).join(between)}`,
    ),
  );
  const bound = prefix === '' ? 'xmlns' : 'xmlns:x';
  const root = (name: string, inside: string): string =>
    `<?xml version="1.0"?><${prefix}${name} ${bound}=${quote}${MAIN}${quote}>${inside}</${prefix}${name}>`;
  const shared = strings.map((text) => element('si', {}, text === '' ? '' : t(text)));
  return workbookParts({
    sheet: root('worksheet', element('sheetData', {}, `${between}${lines.join(between)}`)),
    strings: '',
    more: { 'xl/sharedStrings.xml': root('sst', shared.join('')) },
  });
}

const sheetOf = ({ rows }: Written): Sheet => withoutEmptyEnd(rows.map((row) => row.map(({ text }) => text)));

/** What lives, and not what waits to be collected: other files may run in this process. */
function livingBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

let before: number;
beforeAll(() => {
  before = livingBytes();
});
afterAll(() => {
  expect(livingBytes() - before).toBeLessThan(HEAP_BYTES);
});

describe('a file that went through something', () => {
  it('is read as a workbook however it is written', () => {
    fc.assert(
      fc.property(written, (how) => {
        expect(sheetIn(zipped(partsOf(how)), 'xlsx')).toEqual(sheetOf(how));
      }),
      RUNS,
    );
  });

  it('is the workbook it was, or refused, whatever happened to its bytes', () => {
    const change = fc.record({ mutation: mutations, part: fc.noBias(fc.nat()), isInside: fc.boolean() });
    const level = fc.constantFrom(0 as const, 6 as const);
    fc.assert(
      fc.property(
        written,
        level,
        fc.array(change, { minLength: 1, maxLength: 2 }),
        (how, packing, changes) => {
          const whole = zipped(partsOf(how), packing);
          const packed = packedPartsOf(whole);
          const bytes = changes.reduce((changed, { mutation, part, isInside }) => {
            return mutated(changed, mutation, isInside ? packed[part % packed.length] : undefined);
          }, whole);
          const read = sheetIn(bytes, 'xlsx');
          if (typeof read !== 'string') expect(read).toEqual(sheetOf(how));
        },
      ),
      RUNS,
    );
  });

  it('is the workbook it was, or refused, whatever happened to a letter of its tags', () => {
    const letters = fc.constantFrom('', ' ', '/', '>', '<', '"', 'r', 's', 't', 'v', 'x', '=', '&', ':');
    const where = fc.constantFrom<('letters' | 'names' | 'gaps')[]>('letters', 'names', 'names', 'gaps');
    const part = fc.oneof(fc.constantFrom('xl/worksheets/sheet1.xml', 'xl/sharedStrings.xml'), fc.nat());
    const change = fc.record({ part, at: fc.noBias(fc.nat()), letter: letters, where });
    fc.assert(
      fc.property(written, change, (how, { part: any, at, letter, where: kind }) => {
        const parts = partsOf(how);
        const all = Object.keys(parts);
        const name = typeof any === 'string' ? any : (all[any % all.length] ?? '');
        const xml = parts[name] ?? '';
        const places = markupIn(xml)[kind];
        const place = places[at % places.length] ?? 0;
        const changed = `${xml.slice(0, place)}${letter}${xml.slice(place + (kind === 'gaps' ? 0 : 1))}`;
        const read = sheetIn(zipped({ ...parts, [name]: changed }), 'xlsx');
        if (typeof read !== 'string') expect(read).toEqual(sheetOf(how));
      }),
      RUNS,
    );
  });

  it('is a CSV that another reader reads in the same way, or refused as there, in whatever pieces it comes', () => {
    const sheets = fc.array(fc.array(texts, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    const isWide = fc.boolean();
    const all = fc.array(mutations, { maxLength: 3 });
    fc.assert(
      fc.property(sheets, isWide, all, (sheet, wide, changes) => {
        const text = `\uFEFF${writeCsv(sheet)}`;
        const bytes = changes.reduce<Uint8Array>(
          (changed, mutation) => mutated(changed, mutation),
          Buffer.from(text, wide ? 'utf16le' : 'utf8'),
        );
        const expected = naiveCsv(bytes);
        const reading = new SheetReading({ format: 'csv' });
        const half = bytes.length >> 1;
        const pieces = [bytes.subarray(0, half), bytes.subarray(half)];
        const early = pieces.map((piece) => reading.take(piece)).find((one) => one !== undefined);
        const answer = early ?? reading.end();
        if (answer.kind === 'sheet') expect(answer.sheet).toEqual(expected && withoutEmptyEnd(expected));
        else expect(expected).toBeUndefined();
      }),
      RUNS,
    );
  });
});
