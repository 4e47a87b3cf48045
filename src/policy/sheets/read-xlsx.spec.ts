import fc from 'fast-check';
import {
  answerTo,
  MAIN,
  sheetIn,
  withoutEmptyEnd,
  workbook,
  workbookParts,
  zipped,
} from '../../../test/support/sheets';
import { writeXlsx } from './write-xlsx';

const read = (bytes: Uint8Array, tab?: string) => sheetIn(bytes, 'xlsx', tab);
const cell = (attributes: string, inside = '') => `<row r="7"><c r="B7" ${attributes}>${inside}</c></row>`;
const readCell = (attributes: string, inside: string, parts: { strings?: string; styles?: string } = {}) => {
  const sheet = read(workbook({ sheet: cell(attributes, inside), ...parts }));
  return typeof sheet === 'string' ? sheet : (sheet[6] ?? [])[1];
};

describe('XLSX', () => {
  it('gives back every text that was written', () => {
    const text = fc
      .string({ unit: 'grapheme' })
      .map((one) => one.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '').trim());
    const cells = fc.oneof(text, fc.constantFrom('_x0041_', ']]>', '_x005F_x0041_', 'a\r\nb'));
    fc.assert(
      fc.property(fc.array(fc.array(cells, { minLength: 1, maxLength: 5 }), { maxLength: 5 }), (sheet) => {
        expect(read(writeXlsx('precos', sheet))).toEqual(withoutEmptyEnd(sheet));
      }),
    );
  });

  it('shows where a letter cannot be written', () => {
    expect(read(writeXlsx('precos', [['a\u0001b']]))).toEqual([['a\uFFFDb']]);
  });

  it('reads what spreadsheets write: shared and rich texts, numbers as they were typed, gaps, prefixes', () => {
    const strings = `<si/><si><t>linha</t></si>
      <si><r><rPr><b/></rPr><t>tenure</t></r><r><t xml:space="preserve">_months</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>`;
    const sheet = `<x:worksheet xmlns:x="${MAIN}"><x:sheetData>
      <x:row r="1"><x:c r='A1' t='s'><x:v>1</x:v></x:c><x:c r="B1" t="s"><x:v>2</x:v></x:c><x:c r="C1" t="s"><x:v>0</x:v></x:c></x:row>
      <x:row r="4"><x:c r="A4" t="str"><x:v>a &amp; b&#233;</x:v></x:c><x:c r="C4"><x:v>2.4899999999999999E-2</x:v></x:c><x:c r="D4"/><x:c r="E4" t="b"><x:v>1</x:v></x:c></x:row>
      <x:row r="5"><x:c r="A5" t="inlineStr"><x:is><x:t><![CDATA[<]]>c_x0041_</x:t></x:is></x:c></x:row>
    </x:sheetData></x:worksheet>`;
    expect(read(workbook({ sheet, strings }))).toEqual([
      ['linha', 'tenure_months'],
      [],
      [],
      ['a & bé', '', '0.0249', '', 'true'],
      ['<cA'],
    ]);
  });

  it.each([
    ['', '<v>29113956</v>', '29113956'],
    ['', '<v>2.9113956E7</v>', '29113956'],
    ['', '<v>-0.10</v>', '-0.1'],
    ['', '<v>12345678901234567</v>', 'Vigente!B7: o número não se lê com exatidão: escreva-o como texto'],
    ['', '<v>0.30000000000000004</v>', 'Vigente!B7: o número não se lê com exatidão: escreva-o como texto'],
    ['', '<v>1,5</v>', 'Vigente!B7: o número não se lê com exatidão: escreva-o como texto'],
    ['', '<v>NaN</v>', 'Vigente!B7: o número não se lê com exatidão: escreva-o como texto'],
    ['t="n"', '<v/>', 'Vigente!B7: a célula não diz o que tem'],
    ['', '', undefined],
    ['t="str"', '<f>"x"</f><v>x</v>', 'x'],
    ['t="str"', '<f>""</f><v></v>', undefined],
    ['', '<f>A1</f>', 'Vigente!B7: há uma fórmula sem valor: abra a planilha no Excel e salve-a de novo'],
    ['', '<f>A1</f><v/>', 'Vigente!B7: há uma fórmula sem valor: abra a planilha no Excel e salve-a de novo'],
    ['t="e"', '<v>#REF!</v>', 'Vigente!B7: há um erro na célula: #REF!'],
    ['t="s"', '<v>1</v>', 'Vigente!B7: a célula aponta para um texto que não há na planilha'],
    ['t="s"', '<v>-1</v>', 'Vigente!B7: a célula aponta para um texto que não há na planilha'],
    ['t="s"', '', 'Vigente!B7: a célula não diz o que tem'],
    ['t="b"', '<v>2</v>', 'Vigente!B7: a célula não diz se é verdadeira ou falsa'],
    ['t="x"', '<v>1</v>', 'Vigente!B7: a célula é de um tipo que não se sabe ler'],
    ['t="d"', '<v>2026-01-01</v>', 'Vigente!B7: há uma data na célula: escreva-a como texto (AAAA-MM-DD)'],
    ['', '<v>1</v><v>2</v>', 'Vigente!B7: a célula tem dois valores'],
    ['', '<v>1</v>2', 'Vigente!B7: há na célula algo que não se sabe ler'],
    ['', '<w>1</w>', 'Vigente!B7: há na célula algo que não se sabe ler'],
    ['', '<is><t>1</t></is>', 'Vigente!B7: a célula tem um valor que não é do tipo que ela diz'],
    ['t="str"', '<v>a_x0000_b</v>', 'Vigente!B7: há na célula um caractere que não é texto'],
    ['s="4"', '<v>1</v>', 'Vigente!B7: a célula tem um formato que não há na planilha'],
  ])('of a cell %s %s makes %p', (attributes, inside, expected) => {
    expect(readCell(attributes, inside, { strings: '<si><t>x</t></si>' })).toBe(expected);
  });

  const UNCALCULATED =
    'Vigente!B7: há uma fórmula que ainda não foi calculada: abra a planilha no Excel e salve-a de novo';
  it.each([
    ['fullCalcOnLoad="1"', '<f>A1</f><v>0</v>', UNCALCULATED],
    ['fullCalcOnLoad="true"', '<f t="array" ref="B7:B8">A1:A2</f><v>0</v>', UNCALCULATED],
    ['calcCompleted="0"', '<f>A1</f><v>2</v>', UNCALCULATED],
    ['calcCompleted="false"', '<f>A1</f>', UNCALCULATED],
    ['fullCalcOnLoad="1"', '<v>2</v>', '2'],
    ['fullCalcOnLoad="0" calcCompleted="1"', '<f>A1</f><v>2</v>', '2'],
    ['forceFullCalc="1"', '<f>A1</f><v>2</v>', '2'],
  ])('of a workbook to be calculated with %s makes of %s %p', (calculation, inside, expected) => {
    const sheet = read(workbook({ sheet: cell('', inside), calculation }));
    expect(typeof sheet === 'string' ? sheet : (sheet[6] ?? [])[1]).toBe(expected);
  });

  it.each([
    ['numFmtId="0"', '45000'],
    ['numFmtId="10"', '45000'],
    ['numFmtId="164"', '45000'],
    ['numFmtId="14"', 'data'],
    ['numFmtId="165"', 'data'],
    ['numFmtId="166"', 'data'],
  ])('takes a number under the format %s for %s', (format, expected) => {
    const styles = `<numFmts><numFmt numFmtId="164" formatCode='[Red]#,##0.00\\ "dias"'/>
      <numFmt numFmtId="165" formatCode="dd/mm/yyyy"/><numFmt numFmtId="166" formatCode="[h]:mm"/></numFmts>
      <cellXfs><xf numFmtId="0"/><xf ${format}/></cellXfs>`;
    expect(readCell('s="1"', '<v>45000</v>', { styles })).toContain(expected);
  });

  const A = '<c r="A1"><v>1</v></c>';
  it.each([
    ['a cell twice', `<row r="1">${A}${A}</row>`, 'Vigente!A1'],
    ['a row twice', `<row r="1">${A}</row><row r="1"/>`, 'Vigente!A1'],
    ['a cell of another row', `<row r="2">${A}</row>`, 'Vigente!A2'],
    ['a cell that says no place', '<row r="1"><c r="1A"><v>1</v></c></row>', 'Vigente!A1'],
    ['a row behind the last one there can be', '<row r="9999999"/>', 'linhas demais'],
    ['a column behind the last one', '<row r="1"><c r="XFD1"><v>1</v></c></row>', 'Vigente!XFD1'],
    ['a text between cells', `<row r="1"><d/>${A}</row>`, 'Vigente!A1'],
  ])('refuses %s', (_, sheet, why) => {
    expect(read(workbook({ sheet }))).toContain(why);
  });

  it('refuses merged cells: all but the first would be read as empty, a limit as none', () => {
    const merged = `<worksheet xmlns="${MAIN}"><sheetData><row r="2">${A.replace('A1', 'A2')}</row><row r="3"><c r="A3"/></row>
      </sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells></worksheet>`;
    expect(read(workbook({ sheet: merged }))).toBe('Vigente!A2: há células mescladas: desfaça a mescla');
  });

  it('lets cells without a value stand anywhere: they are only coloured', () => {
    expect(read(workbook({ sheet: `<row r="1">${A}<c r="XFD1" s="0"/></row><row r="900000"/>` }))).toEqual([
      ['1'],
    ]);
  });

  const TABS = `<sheet name="Antiga" sheetId="1" state="hidden" r:id="r9"/><sheet name="Lista nova" sheetId="2" r:id="r1"/>`;
  it('reads the first tab that is not hidden, or the one asked for, and names places by it', () => {
    const parts = workbookParts({ sheet: cell('', '<v>x</v>'), tabs: TABS });
    const relations = parts['xl/_rels/workbook.xml.rels'] ?? '';
    const old = relations.replace('Id="r1"', 'Id="r9"').replace('sheet1', 'sheet2');
    const both = relations.replace(
      '</Relationships>',
      `${/<Relationship .*?\/>/.exec(old)?.[0] ?? ''}</Relationships>`,
    );
    const bytes = zipped({
      ...parts,
      'xl/_rels/workbook.xml.rels': both,
      'xl/worksheets/SHEET2.xml': `<worksheet xmlns="${MAIN}"><sheetData><row>${A}</row></sheetData></worksheet>`,
    });
    expect(read(bytes)).toMatch(/^'Lista nova'!B7: /);
    expect(read(bytes, 'antiga')).toEqual([['1']]);
    expect(read(bytes, 'Outra')).toBe('a planilha não tem uma aba “Outra”; tem “Antiga”, “Lista nova”');
  });

  it('says what it has read that a person who opens the tab does not see', () => {
    const columns =
      '<cols><col min="1" max="1" width="9"/><col min="2" max="3" hidden="1"/><col min="4" max="16384" hidden="true"/></cols>';
    const row = (n: string, hidden: string, ...letters: readonly string[]) =>
      `<row r="${n}" ${hidden}>${letters.map((letter) => `<c r="${letter}${n}"><v>1</v></c>`).join('')}</row>`;
    const rows = [
      row('1', '', 'A', 'B'),
      row('2', 'hidden="1"', 'A', 'D'),
      row('3', 'hidden="true"', 'A'),
      row('4', 'hidden="1"'),
      row('5', 'hidden="0"', 'A'),
    ];
    const hiddenIn = (sheet: string) => answerTo(workbook({ sheet }), { format: 'xlsx' });
    expect(
      hiddenIn(`<worksheet xmlns="${MAIN}">${columns}<sheetData>${rows.join('')}</sheetData></worksheet>`),
    ).toMatchObject({ source: { hidden: { rows: 2, columns: ['B', 'D'] } } });
    expect(hiddenIn(rows[0] ?? '')).toMatchObject({ source: { hidden: { rows: 0, columns: [] } } });
  });

  it.each([
    ['a DOCTYPE', { more: { 'xl/workbook.xml': '<!DOCTYPE x [<!ENTITY a "b">]><x/>' } }, 'DOCTYPE'],
    ['broken XML', { sheet: '<row>' }, 'não é XML bem formado'],
    ['an unknown entity', { sheet: cell('t="str"', '<v>&a;</v>') }, 'não é XML bem formado'],
    [
      'another encoding',
      { more: { 'xl/workbook.xml': '<?xml version="1.0" encoding="latin1"?><x/>' } },
      'latin1',
    ],
    [
      'a depth without end',
      { more: { 'xl/workbook.xml': `<workbook xmlns="${MAIN}">${'<a>'.repeat(100)}` } },
      'elementos demais',
    ],
    [
      'attributes without end',
      { sheet: `<a ${Array.from({ length: 99 }, (_, n) => `b${String(n)}=""`).join(' ')}/>` },
      'atributos demais',
    ],
    ['a text without end', { sheet: cell('t="str"', `<v>${'x'.repeat(300_000)}</v>`) }, 'texto longo demais'],
    ['two contents', { sheet: '</sheetData><sheetData>' }, 'dois conteúdos'],
    ['a missing part', { tabs: '<sheet name="A" sheetId="1" r:id="r7"/>' }, 'falta à planilha a aba A'],
    [
      'only hidden tabs',
      { tabs: '<sheet name="A" sheetId="1" state="veryHidden" r:id="r1"/>' },
      'ocultas (“A”)',
    ],
    ['a tab elsewhere', { more: { 'xl/worksheets/sheet1.xml': '' } }, 'XML'],
  ])('refuses %s', (_, parts, why) => {
    expect(read(workbook({ sheet: '', ...parts }))).toContain(why);
  });

  it.each([
    [`<worksheet xmlns="${MAIN}"/>`, 'Vigente!A1: a aba não tem conteúdo'],
    ['<worksheet><sheetData/></worksheet>', 'não é o que devia ser (worksheet)'],
    [
      `<worksheet xmlns="${MAIN}"><sheetData><row x="1"/></sheetData></worksheet>`,
      'algo que não se sabe ler',
    ],
    [
      `<worksheet xmlns="${MAIN}"><sheetData><row r="1"><c r="A1"/><c/></row></sheetData></worksheet>`,
      'nem todas as células dizem em que lugar estão',
    ],
  ])('refuses %s', (sheet, why) => {
    expect(read(workbook({ sheet }))).toContain(why);
  });

  it.each([
    ['a shared text under another name', { strings: '<sj/><si><t>x</t></si>' }],
    ['a style under another name', { styles: '<cellXfs><xg/><xf/></cellXfs>' }],
    [
      'a tab with an attribute of another name',
      { tabs: '<sheet name="A" sheetId="1" stat="hidden" r:id="r1"/>' },
    ],
  ])('refuses %s', (_, parts) => {
    expect(read(workbook({ sheet: '', ...parts }))).toContain('algo que não se sabe ler');
  });
});
