import { strToU8, zipSync } from 'fflate';
import fc from 'fast-check';
import { withoutEmptyEnd } from './domain';
import { readXlsx, writeXlsx, XlsxError } from './xlsx';

const workbook = (sheet: string, shared = '') =>
  zipSync({ 'xl/worksheets/sheet1.xml': strToU8(sheet), 'xl/sharedStrings.xml': strToU8(shared) });

describe('XLSX', () => {
  it('gives back every text that was written', () => {
    const cell = fc
      .string({ unit: 'grapheme' })
      .map((text) => text.replace(/[\0-\x1f\ufffe\uffff]/g, '').trim());
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 5 }), (sheet) => {
        expect(readXlsx(writeXlsx('precos', sheet))).toEqual(withoutEmptyEnd(sheet));
      }),
    );
  });

  it('reads what spreadsheets write: shared texts, numbers as they were typed, gaps, prefixes', () => {
    const shared =
      '<sst><si><t>linha</t></si><si><r><t>tenure</t></r><r><t xml:space="preserve">_months</t></r></si></sst>';
    const sheet = `<x:worksheet><x:sheetData>
      <x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="B1" t="s"><x:v>1</x:v></x:c></x:row>
      <x:row r="2"><x:c r="A2" t="str"><x:v>a &amp; b&#233;</x:v></x:c><x:c r="C2"><x:v>2.4899999999999999E-2</x:v></x:c><x:c r="D2"/><x:c r="E2" t="b"><x:v>1</x:v></x:c></x:row>
    </x:sheetData></x:worksheet>`;
    expect(readXlsx(workbook(sheet, shared))).toEqual([
      ['linha', 'tenure_months'],
      ['a & bé', '', '0.0249', '', 'true'],
    ]);
  });

  it('keeps every row at its number, also behind rows that are not there; as many as a sheet can have', () => {
    const cell = '<c t="inlineStr"><is><t>a</t></is></c>';
    const far = (number: number): Uint8Array =>
      workbook(`<sheetData><row r="2">${cell}</row><row r="${String(number)}">${cell}</row></sheetData>`);
    expect(readXlsx(far(4))).toEqual([[], ['a'], [], ['a']]);
    expect(() => readXlsx(far(9_999_999))).toThrow(XlsxError);
  });

  it.each([[Buffer.from('linha;a')], [Buffer.alloc(0)], [zipSync({ 'a.txt': strToU8('x') })]])(
    'refuses what is no workbook',
    (bytes) => {
      expect(() => readXlsx(bytes)).toThrow(XlsxError);
    },
  );
});
