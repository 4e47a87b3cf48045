import type { PolicyTable } from './document';
import {
  columnsOf,
  copied,
  expected,
  filledDown,
  outputProblem,
  paste,
  placeOf,
  readRebates,
  rebatesText,
  textOf,
  withCopyBelow,
  withText,
  type GridColumn,
} from './grid';
import type { ValueType } from './values';

const table: PolicyTable = {
  id: 'precos',
  kind: 'price',
  label: 'Preços',
  columns: ['tenure_months', 'offered_amount', 'political_exposition'],
  rows: [
    {
      id: 'a',
      when: {
        tenure_months: { below: 12 },
        offered_amount: { from: '1000', below: '3000.5' },
        political_exposition: ['not_exposed'],
      },
      then: { monthly_interest_rate: '0.0359' },
    },
    {
      id: 'b',
      when: { tenure_months: { from: 12 }, offered_amount: 'any', political_exposition: 'any' },
      then: { monthly_interest_rate: '0.025' },
    },
  ],
};
const TYPES: Readonly<Record<string, ValueType>> = {
  tenure_months: 'integer',
  offered_amount: 'amount',
  political_exposition: 'code',
};
const typeOf = (field: string): ValueType => TYPES[field] ?? 'text';
const columns = columnsOf(table, typeOf);
const column = (key: string): GridColumn => {
  const found = columns.find((one) => one.key === key);
  if (found === undefined) throw new Error(`no column ${key}`);
  return found;
};
const [first, second] = table.rows;
if (first === undefined || second === undefined) throw new Error('no rows');

describe('a policy table as a sheet', () => {
  it('shows names, the edges of ranges, sets, and rates as percentages', () => {
    expect(columns.map((one) => textOf(first, one))).toEqual([
      'a',
      '',
      '12',
      '1.000,00',
      '3.000,50',
      'not_exposed',
      '3,59',
    ]);
    expect(columns.map((one) => textOf(second, one))).toEqual(['b', '12', '', '', '', 'qualquer', '2,50']);
  });

  it('shows the outputs that no row has only when asked to', () => {
    const names = columnsOf(table, typeOf, true).map(({ name }) => name);
    expect(names.slice(-3)).toEqual(['monthly_interest_rate', 'days_to_expiration', 'rebates']);
    expect(columns.at(-1)?.name).toBe('monthly_interest_rate');
  });

  it('gives back the row that it shows, whatever is typed over with what stands there', () => {
    for (const row of table.rows)
      for (const one of columns) expect(withText(row, one, textOf(row, one))).toEqual(row);
  });

  it.each(['2,49', '2,49%'])('takes %j for a rate', (typed) => {
    expect(withText(first, column('then.monthly_interest_rate'), typed)?.then).toEqual({
      monthly_interest_rate: '0.0249',
    });
  });

  it('writes each kind as the document has it, and "any" where no edge is left', () => {
    const when = (key: string, typed: string) => withText(first, column(key), typed)?.when;
    expect(when('tenure_months.below', '24')?.['tenure_months']).toEqual({ below: 24 });
    expect(when('tenure_months.below', '')?.['tenure_months']).toBe('any');
    expect(when('tenure_months.below', '24,5')).toBeUndefined();
    expect(when('offered_amount.from', '')?.['offered_amount']).toEqual({ below: '3000.5' });
    expect(when('offered_amount.below', '4.500,00')?.['offered_amount']).toEqual({
      from: '1000',
      below: '4500',
    });
    expect(when('political_exposition', '')?.['political_exposition']).toBe('any');
    expect(when('political_exposition', 'not_exposed; exposed')?.['political_exposition']).toEqual([
      'not_exposed',
      'exposed',
    ]);
    expect(when('political_exposition', 'lista:peps')?.['political_exposition']).toEqual({ list: 'peps' });
    expect(withText(first, column('then.monthly_interest_rate'), '')).toBeUndefined();
    expect(withText(first, column('id'), ' ')).toBeUndefined();
  });

  it('takes a block from a spreadsheet whole or not at all, below the last row too', () => {
    const pasted = paste(
      table,
      columns,
      { row: 1, column: 4 },
      '5.000,00\tqualquer\t2,10\r\n6.000,00\t\t2,20\r\n',
    );
    expect(pasted).toMatchObject({
      kind: 'rows',
      end: { row: 2, column: 6 },
      rows: [
        { id: 'a' },
        { id: 'b', when: { offered_amount: { below: '5000' } }, then: { monthly_interest_rate: '0.021' } },
        {
          id: 'linha-3',
          when: { tenure_months: 'any', offered_amount: { below: '6000' } },
          then: { monthly_interest_rate: '0.022' },
        },
      ],
    });
    expect(paste(table, columns, { row: 0, column: 6 }, '2,10\nmuito')).toMatchObject({
      kind: 'wrong',
      row: 1,
      text: 'muito',
    });
  });

  it('takes no rates from the file that the service itself writes, where they are fractions', () => {
    const pasted = paste(table, columns, { row: 0, column: 6 }, '0.0359\n0.033');
    expect(pasted).toMatchObject({ kind: 'wrong', row: 0, text: '0.0359' });
  });

  it('takes thousands of rows in one go', () => {
    const lines = Array.from({ length: 4_000 }, (_, n) => `p${String(n)}\t${String(n)}\t${String(n + 1)}`);
    const pasted = paste(table, columns, { row: 2, column: 0 }, lines.join('\n'));
    expect(pasted.kind === 'rows' && pasted.rows).toHaveLength(4_002);
    expect(pasted).toMatchObject({ end: { row: 4_001, column: 2 } });
  });

  it('copies what it shows, and pastes what it copied', () => {
    const block = copied(table.rows, columns, { row: 0, column: 1 }, { row: 1, column: 6 });
    expect(block.split('\n')[0]).toBe('\t12\t1.000,00\t3.000,50\tnot_exposed\t3,59');
    expect(paste(table, columns, { row: 0, column: 1 }, block)).toMatchObject({ rows: table.rows });
  });

  it('repeats the top of a block, and copies a row under a name of its own', () => {
    const filled = filledDown(table.rows, columns, { row: 0, column: 0 }, { row: 1, column: 6 });
    expect(filled?.[1]).toEqual({ ...first, id: 'b' });
    const copy = withCopyBelow(table.rows, 0);
    expect(copy.map(({ id }) => id)).toEqual(['a', 'a-2', 'b']);
  });

  it('knows where its cells stand in the document', () => {
    expect(placeOf(2, 5, column('tenure_months.below'))).toBe('tables[2].rows[5].when.tenure_months.below');
    expect(placeOf(0, 1, column('then.monthly_interest_rate'))).toBe(
      'tables[0].rows[1].then.monthly_interest_rate',
    );
    expect(placeOf(0, 1, column('political_exposition'))).toBe('tables[0].rows[1].when.political_exposition');
  });

  it.each([
    ['spread 2,00%', [{ fee_type: 'spread', amount_type: 'percentage', amount: '2.00' }]],
    [
      'spread 4,17%; tac R$ 1.050,00',
      [
        { fee_type: 'spread', amount_type: 'percentage', amount: '4.17' },
        { fee_type: 'tac', amount_type: 'absolute', amount: '1050.00' },
      ],
    ],
  ])('reads the rebates %j', (text, rebates) => {
    expect(readRebates(text)).toEqual(rebates);
    expect(rebatesText(rebates)).toBe(text);
  });

  it('tells a row without rebates from one with those of the section, typed or copied', () => {
    const [bare, usual] = [{ ...first, then: { ...first.then, rebates: [] } }, first];
    const all = columnsOf({ ...table, rows: [bare, usual] }, typeOf);
    const rebates = all.at(-1);
    if (rebates === undefined) throw new Error('no column of rebates');
    expect([bare, usual].map((row) => textOf(row, rebates))).toEqual(['nenhum', '']);
    for (const [from, to] of [
      [bare, usual],
      [usual, bare],
    ] as const) {
      expect(withText(to, rebates, textOf(from, rebates))).toEqual(from);
      const block = copied([from], all, { row: 0, column: 0 }, { row: 0, column: all.length - 1 });
      expect(paste({ ...table, rows: [to] }, all, { row: 0, column: 0 }, block)).toMatchObject({
        rows: [from],
      });
    }
    expect(withText(usual, rebates, ' Nenhum ')).toEqual(bare);
  });

  it.each(['2%', 'spread', 'spread 2', 'spread R$ 2%', 'spread x%', 'nenhum; spread 2%'])(
    '%j is no rebate',
    (text) => {
      expect(readRebates(text)).toBeUndefined();
    },
  );
});

it('takes the decision of a table of eligibility in words', () => {
  const row = { id: 'a', when: { functional_situation: ['1'] }, then: { decision: 'allow' } };
  const eligibility = { ...table, kind: 'eligibility', columns: ['functional_situation'], rows: [row] };
  const [, , decision] = columnsOf(eligibility, () => 'code');
  if (decision === undefined) throw new Error('no column of decisions');
  expect(textOf(row, decision)).toBe('permite');
  expect(withText(row, decision, 'Pessoa')?.then).toEqual({ decision: 'review' });
  expect(withText(row, decision, 'talvez')).toBeUndefined();
  expect(withText(row, decision, '')).toBeUndefined();
});

describe('a cell that is wrong', () => {
  const rate = { key: 'r', part: 'then', name: 'monthly_interest_rate', type: 'rate' } as const;
  const rowWith = (then: Record<string, unknown>) => ({ id: 'b', when: {}, then });

  it.each([
    [{}, 'linha b sem taxa'],
    [{ monthly_interest_rate: '' }, 'linha b sem taxa'],
    [{ monthly_interest_rate: '2.49' }, 'taxa da linha b: 249,00% passa de 100%; escreva como 2,49'],
    [{ monthly_interest_rate: '0.0249' }, undefined],
  ])('of %j is told: %s', (then, said) => {
    expect(outputProblem(rowWith(then), rate)).toBe(said);
  });

  it.each([
    [rate, 'dois', '“dois” não serve aqui: escreva de 0 a 100, como 2,49'],
    [rate, '', 'não pode ficar vazia'],
    [
      { key: 'a', part: 'from', name: 'offered_amount', type: 'amount' } as const,
      'x',
      '“x” não serve aqui: escreva como 1.500,00',
    ],
  ])('takes %j instead of “%s”', (column, text, said) => {
    expect(expected(column, text)).toBe(said);
  });
});
