import { A_PRICE_TABLE, policyJson, soundPolicy } from '../../../test/support/policies';
import { finished } from '../../kernel';
import { CsvReader, writeCsv } from './csv';
import type { TableAddress } from './sections';
import { cellName, columnNamed } from './sheet';
import { importSheet, sheetOf } from './table-sheet';

const json = policyJson();
const table = soundPolicy(json).tables[0];
if (table === undefined) throw new Error('a policy with a table');
const SHEET = sheetOf(table);
const changed = (row: number, column: number, value: string) =>
  SHEET.map((line, at) => (at === row ? line.map((cell, index) => (index === column ? value : cell)) : line));

const PRECOS: TableAddress = { product: 'private_payroll', table: 'precos' };
describe('a table as a sheet', () => {
  it('names rows, inputs and outputs', () => {
    expect(SHEET).toEqual([
      [
        'linha',
        'tenure_months',
        'offered_installments',
        'monthly_interest_rate',
        'days_to_expiration',
        'rebates',
      ],
      ['novos', '..12', '6..25', '0.0349', '', ''],
      ['antigos', '12..', 'any', '0.0249', '3', ''],
    ]);
  });

  it('comes back as the very same policy', () => {
    const imported = finished(importSheet(json, PRECOS, new CsvReader().take(Buffer.from(writeCsv(SHEET)))));
    expect(imported.kind === 'ok' && imported.policy).toEqual(soundPolicy(json));
  });

  it('names the cells of the sheet that was read, empty lines and all', () => {
    const [header = [], first = [], second = []] = SHEET;
    const wrong = second.map((cell, column) => (column === 3 ? 'x' : cell));
    expect(finished(importSheet(json, PRECOS, [[], header, [], first, ['', ''], wrong]))).toMatchObject({
      problems: [{ cell: 'D6', value: 'x' }],
    });
    expect(finished(importSheet(json, PRECOS, [[], ['a'], first]))).toMatchObject({
      problems: [{ cell: 'A2' }],
    });
  });

  it('takes sets, lists, booleans and rebates', () => {
    const rich = policyJson({
      lists: [{ name: 'boas', of: 'employer_root', label: 'Boas', entries: ['29113956'] }],
      tables: [
        {
          ...A_PRICE_TABLE,
          columns: ['eligible', 'employer_root', 'political_exposition'],
          rows: [
            {
              id: 'a',
              when: { eligible: [true], employer_root: { list: 'boas' }, political_exposition: ['a', 'b'] },
              then: {
                monthly_interest_rate: '0.02',
                rebates: [{ fee_type: 'spread', amount_type: 'absolute', amount: '3.5' }],
              },
            },
          ],
        },
      ],
    });
    const [first] = soundPolicy(rich).tables;
    const sheet = first && sheetOf(first);
    expect(sheet?.[1]).toEqual(['a', 'true', 'lista:boas', 'a; b', '0.02', '', 'spread absolute 3.5']);
    const imported = finished(importSheet(rich, PRECOS, sheet ?? []));
    expect(imported.kind === 'ok' && imported.policy).toEqual(soundPolicy(rich));
  });

  it('tells a row without rebates from one with those of the section', () => {
    const rows = A_PRICE_TABLE.rows.map((row) =>
      row.id === 'novos' ? { ...row, then: { ...row.then, rebates: [] } } : row,
    );
    const mixed = policyJson({ tables: [{ ...A_PRICE_TABLE, rows }] });
    const [first] = soundPolicy(mixed).tables;
    const sheet = (first && sheetOf(first)) ?? [];
    expect(sheet.map((line) => line[5])).toEqual(['rebates', 'nenhum', '']);
    const asTyped = sheet.map((line) => line.map((cell) => (cell === 'nenhum' ? 'Nenhum' : cell)));
    for (const given of [sheet, asTyped]) {
      const imported = finished(importSheet(mixed, PRECOS, given));
      expect(imported.kind === 'ok' && imported.policy).toEqual(soundPolicy(mixed));
    }
  });

  it.each([
    [1, 3, '3,49%', 'D2'],
    [1, 3, '', 'D2'],
    [2, 1, '', 'B3'],
    [2, 1, 'doze..', 'B3'],
    [2, 1, '24..12', 'B3'],
    [2, 4, 'três', 'E3'],
    [2, 5, 'tac absolute 1 500', 'F3'],
    [2, 5, 'spread percentage 2\ntac absolute 50', 'F3'],
    [2, 5, 'tac 50', 'F3'],
    [2, 5, 'tac absolute 50;', 'F3'],
    [2, 5, 'tac absolute 1.500', 'F3'],
    [2, 5, 'tac percentage 1.5; tac absolute 1.500', 'F3'],
    [2, 5, 'nenhum; tac absolute 50', 'F3'],
    [2, 0, 'Novos!', 'A3'],
    [2, 0, 'novos', 'A3'],
    [0, 1, 'tenure', 'B1'],
  ])('says in which cell it is wrong: %i,%i %p', (row, column, value, cell) => {
    const imported = finished(importSheet(json, PRECOS, changed(row, column, value)));
    expect(imported).toMatchObject({ kind: 'invalid' });
    expect(imported.kind === 'invalid' && imported.problems.map((problem) => problem.cell)).toContain(cell);
  });

  describe('with amounts', () => {
    const faixas = {
      ...A_PRICE_TABLE,
      id: 'faixas',
      kind: 'limits',
      columns: ['requested_amount'],
      rows: [
        { id: 'pequenos', when: { requested_amount: { below: '3000' } }, then: { minimum_amount: '500' } },
        { id: 'grandes', when: { requested_amount: { from: '3000' } }, then: { maximum_amount: '20000.5' } },
      ],
    };
    const banded = policyJson({
      tables: [A_PRICE_TABLE, faixas],
      limits: { ...(json.limits as object), table: 'faixas' },
    });
    const HEADER = ['linha', 'requested_amount', 'minimum_amount', 'maximum_amount'];
    const INSTALLMENTS = ['minimum_installments', 'maximum_installments'];
    const imported = (...lines: readonly (readonly string[])[]) =>
      finished(importSheet(banded, { ...PRECOS, table: 'faixas' }, [[...HEADER, ...INSTALLMENTS], ...lines]));

    it('reads them as programs write them', () => {
      const read = imported(['pequenos', '..3000.0', '500.00'], ['grandes', '3000.00..', '', '20000.5']);
      expect(read.kind === 'ok' && read.policy).toEqual(soundPolicy(banded));
    });

    it.each([
      [['pequenos', '..3000', '1.500'], ['grandes', '3000..', '', '20.000'], { C2: '1.500', D3: '20.000' }],
      [['pequenos', '..3.000'], ['grandes', '3.000..'], { B2: '..3.000', B3: '3.000..' }],
    ])('takes no point of thousands for the one of cents: %j, %j', (first, second, cells) => {
      const read = imported(first, second);
      const problems = read.kind === 'invalid' ? read.problems : [];
      expect(Object.fromEntries(problems.map(({ cell, value }) => [cell, value]))).toEqual(cells);
    });
  });

  it('refuses rows that overlap, an unknown table, and a column too many', () => {
    expect(finished(importSheet(json, PRECOS, changed(2, 1, 'any')))).toMatchObject({ kind: 'invalid' });
    expect(finished(importSheet(json, { ...PRECOS, table: 'outra' }, SHEET))).toMatchObject({
      kind: 'invalid',
    });
    expect(
      finished(
        importSheet(
          json,
          PRECOS,
          SHEET.map((row) => [...row, 'x']),
        ),
      ),
    ).toMatchObject({
      problems: [{ cell: 'G1' }],
    });
  });

  it('names cells as spreadsheets do', () => {
    expect([cellName(0, 0), cellName(25, 9), cellName(26, 0), cellName(52, 1)]).toEqual([
      'A1',
      'Z10',
      'AA1',
      'BA2',
    ]);
    expect(['A', 'Z', 'AA', 'BA', 'XFD'].map(columnNamed)).toEqual([0, 25, 26, 52, 16_383]);
  });
});
