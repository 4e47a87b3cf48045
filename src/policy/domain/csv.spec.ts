import fc from 'fast-check';
import { CsvReader, writeCsv } from './csv';
import { withoutEmptyEnd } from '../../../test/support/sheets';
import { SheetError, type Sheet } from './sheet';

const LINE_ENDS = ['\r\n', '\n', '\r', '\r\r\n'];
const ENCODINGS = {
  'UTF-8': (text: string) => Buffer.from(text),
  'UTF-8 with its mark': (text: string) => Buffer.from(`\uFEFF${text}`),
  'UTF-16, small end first': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'UTF-16, big end first': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
};

/** Cells without the ends of lines: those of a file may be any. */
const cell = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\0\r\n]/g, '').trim());
const sheets = fc
  .array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 4 })
  .map((rows): Sheet => [['a', 'b'], ...rows]);

function readCsv(...pieces: readonly Uint8Array[]): Sheet {
  const reader = new CsvReader();
  return withoutEmptyEnd([...pieces.flatMap((piece) => reader.take(piece)), ...reader.end()]);
}

/** What was read, or why it was not. */
function inPieces(...pieces: readonly Uint8Array[]): Sheet | string {
  try {
    return readCsv(...pieces);
  } catch (error) {
    if (error instanceof SheetError) return error.message;
    throw error;
  }
}

function refusal(bytes: Uint8Array): string {
  const read = inPieces(bytes);
  return typeof read === 'string' ? read : 'read';
}

describe('CSV', () => {
  it('gives back what was written, whatever ends its lines and encodes its letters', () => {
    const encodings = fc.constantFrom(...Object.values(ENCODINGS));
    fc.assert(
      fc.property(sheets, fc.constantFrom(...LINE_ENDS), encodings, (sheet, end, encoded) => {
        const text = writeCsv(sheet).replaceAll('\r\n', end);
        expect(readCsv(encoded(text))).toEqual(withoutEmptyEnd(sheet));
      }),
    );
  });

  it('keeps the ends of lines inside quotes', () => {
    const sheet = [
      ['a', 'b'],
      ['1\r\n2', '3\n4\r5'],
    ];
    expect(readCsv(Buffer.from(writeCsv(sheet)))).toEqual(sheet);
  });

  it('reads commas, quotes, a byte order mark and empty lines', () => {
    expect(readCsv(Buffer.from('\uFEFFa,b\r\n"1,""2""", x \n\n3,4'))).toEqual([
      ['a', 'b'],
      ['1,"2"', 'x'],
      [],
      ['3', '4'],
    ]);
  });

  it.each([
    ['CR alone', '29113956\r11222333\r60746948\r', ['29113956', '11222333', '60746948']],
    [
      'one CR among CR LF',
      '29113956\r\n11222333\r60746948\r\n33000167\r\n',
      ['29113956', '11222333', '60746948', '33000167'],
    ],
    ['CR CR LF', '29113956\r\r\n11222333\r\r\n', ['29113956', '11222333']],
    ['no-break spaces around', '\u00a029113956\u00a0\n', ['29113956']],
    ['nothing', '', []],
  ])('loses no line of a file with %s', (_, text, entries) => {
    expect(readCsv(Buffer.from(text)).map(([entry]) => entry)).toEqual(entries);
  });

  it.each([
    [
      'a quote that does not close',
      'linha;taxa\nx;0.0259\ny;"0.025',
      'B3: a aspa que começa a célula não se fecha',
    ],
    ['a quote inside', 'a;b\n1;2"3\n', 'B2: há uma aspa fora de lugar'],
    ['something after a quote', 'a;b\n"1"2;3\n', 'A2: há uma aspa fora de lugar'],
    ['a NUL', 'a;b\n1;\0\n', 'o arquivo não é um texto'],
  ])('refuses %s, and says where', (_, text, why) => {
    expect(refusal(Buffer.from(text))).toBe(why);
  });

  it.each([
    ['Windows-1252', Buffer.from('razão;taxa\n', 'latin1')],
    ['half a letter of UTF-16', Buffer.concat([Buffer.from('\uFEFFa;b', 'utf16le'), Buffer.from([0x0a])])],
  ])('refuses %s', (_, bytes) => {
    expect(refusal(bytes)).toContain('UTF-8');
  });

  it('takes UTF-16 without its mark for no text', () => {
    expect(refusal(Buffer.from('a;b', 'utf16le'))).toBe('o arquivo não é um texto');
  });

  it('reads a text whole or refuses it: no letter of it is lost', () => {
    const pieces = fc.constantFrom('"', '""', ';', ',', '\r', '\n', '\r\n', '0.0259', 'x', ' ', "'");
    const letters = (of: string): number => of.match(/[0-9x]/g)?.length ?? 0;
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        const why = refusal(Buffer.from(text));
        if (why !== 'read') return;
        expect(letters(readCsv(Buffer.from(text)).flat().join(''))).toBe(letters(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads the same, or refuses the same, wherever the pieces of the file are cut', () => {
    const pieces = fc.constantFrom('"', '""', ';', ',', '\r', '\n', '\r\n', '\r\r\n', 'ã', '1', ' ');
    const encodings = fc.constantFrom(...Object.values(ENCODINGS));
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), encodings, (parts, encoded) => {
        const bytes = encoded(parts.join(''));
        for (let cut = 0; cut <= bytes.length; cut += 1)
          expect(inPieces(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(inPieces(bytes));
      }),
    );
  });

  it('keeps no more than the beginning of a row without end', () => {
    const endless = [Buffer.from('a;b\n1;'), ...Array.from({ length: 20 }, () => Buffer.alloc(10_000, 'x'))];
    expect(inPieces(...endless)).toBe('B2: a linha é longa demais');
    const open = [Buffer.from('a;b\n1;"'), ...Array.from({ length: 20 }, () => Buffer.alloc(10_000, '\n'))];
    expect(inPieces(...open)).toBe('B2: a aspa que começa a célula não se fecha');
  });

  it.each(['=1+1', '+cmd', '-2+3', '@x', "'=x", "''@"])(
    'lets no spreadsheet take %s for a formula',
    (formula) => {
      const written = writeCsv([['a', formula]]);
      expect(written).toBe(`a;'${formula}\r\n`);
      expect(readCsv(Buffer.from(written))).toEqual([['a', formula]]);
    },
  );

  it('leaves numbers what they are', () => {
    expect(writeCsv([['-1', '-0.5', '+2', '1,5']])).toBe('-1;-0.5;+2;1,5\r\n');
  });
});
