import { deflateSync, strToU8, zipSync } from 'fflate';
import { answerTo, sheetIn, workbookParts, zipped } from '../../../test/support/sheets';
import { openXlsx } from './read-xlsx';
import { ZipFile } from './zip';

const PARTS = workbookParts({ sheet: '<row r="1"><c r="A1"><v>1</v></c></row>' });
const GOOD = zipped(PARTS);
const changed = (at: number, ...bytes: readonly number[]): Uint8Array => {
  const copy = Uint8Array.from(GOOD);
  copy.set(bytes, at < 0 ? copy.length + at : at);
  return copy;
};
const read = (bytes: Uint8Array) => sheetIn(bytes, 'xlsx');

describe('a zip file', () => {
  it('is read by its central directory, names in any case', () => {
    const zip = new ZipFile(GOOD);
    expect(zip.has('XL/Workbook.XML')).toBe(true);
    expect(Buffer.from(zip.part('xl/WORKBOOK.xml')).toString()).toBe(PARTS['xl/workbook.xml']);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('linha;a')],
    ['another zip', zipSync({ 'a.txt': strToU8('x') })],
    ['something before it', Buffer.concat([Buffer.from('x'), GOOD])],
    ['something behind it', Buffer.concat([GOOD, Buffer.from('x')])],
    ['half of it', GOOD.subarray(0, GOOD.length / 2)],
    ['one entry fewer than there are', changed(-12, Object.keys(PARTS).length - 1)],
    ['a comment', changed(-2, 1)],
  ])('is not %s', (_, bytes) => {
    expect(read(bytes)).toBe('o arquivo não é uma planilha XLSX');
  });

  it.each([
    [
      'an old workbook or one under a password',
      Buffer.from('d0cf11e0a1b11ae100', 'hex'),
      'salve-o como .xlsx',
    ],
    ['a workbook of another program', zipSync({ mimetype: strToU8('application/vnd.oasis') }), '.ods'],
    ['two parts of one name', zipped({ ...PARTS, 'XL/workbook.xml': '' }), 'duas partes'],
  ])('is not %s, and says so', (_, bytes, why) => {
    expect(read(bytes)).toContain(why);
  });

  it('holds every byte of what it unpacks against its checksum', () => {
    const packed = deflateSync(strToU8(PARTS['xl/worksheets/sheet1.xml'] ?? ''));
    const at = Buffer.from(GOOD).indexOf(Buffer.from(packed));
    expect(at).toBeGreaterThan(0);
    for (let byte = 0; byte < packed.length; byte += 1)
      // Some bits say nothing; then nothing has changed.
      expect([
        [['1']],
        'a planilha está danificada: a parte xl/worksheets/sheet1.xml não confere',
      ]).toContainEqual(read(changed(at + byte, (packed[byte] ?? 0) ^ 0x10)));
  });

  it('counts what is unpacked while it is, whatever the header says', () => {
    const bomb = zipSync({
      ...Object.fromEntries(Object.entries(PARTS).map(([name, text]) => [name, strToU8(text)])),
      'xl/worksheets/sheet1.xml': [new Uint8Array(80 * 1024 * 1024), { level: 9 }],
    });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expect(() => {
      openXlsx(bomb).rows(() => undefined);
    }).toThrow('a planilha é grande demais');
  });

  it('is no larger than a sheet may be', () => {
    const large = new Uint8Array(4 * 1024 * 1024 + 1);
    expect(answerTo(large, { format: 'xlsx' })).toMatchObject({ reason: 'a planilha é grande demais' });
  });
});
