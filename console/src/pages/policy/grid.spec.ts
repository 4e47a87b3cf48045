import type { PolicyTable } from './document';
import { columnsOf, isSheet, paste, textOf, withText } from './grid';

const table: PolicyTable = {
  id: 'precos',
  kind: 'price',
  label: 'Preços',
  columns: ['tenure_months', 'offered_amount'],
  rows: [
    {
      id: 'a',
      when: { tenure_months: { below: 12 }, offered_amount: { from: '1000.00', below: '3000.00' } },
      then: { monthly_interest_rate: '0.0359' },
    },
    {
      id: 'b',
      when: { tenure_months: { from: 12 }, offered_amount: {} },
      then: { monthly_interest_rate: '0.0259' },
    },
  ],
};
const columns = columnsOf(table);
const [first] = table.rows;
const [, tenureBelow, amountFrom, amountBelow, rate] = columns;
if (first === undefined || !tenureBelow || !amountFrom || !amountBelow || !rate) throw new Error('no table');

describe('a policy table as a sheet', () => {
  it('shows the edges of ranges and rates as percentages', () => {
    expect(columns.map((column) => textOf(first, column))).toEqual(['', '12', '1000,00', '3000,00', '3,59']);
    expect(isSheet(table)).toBe(true);
  });

  it('refuses to be a sheet where a cell is more than a range', () => {
    const row = { ...first, when: { ...first.when, tenure_months: { in: ['x'] } } };
    expect(isSheet({ ...table, rows: [row] })).toBe(false);
  });

  it.each(['2,49', '2,49%'])('takes %j for a rate', (typed) => {
    expect(withText(first, rate, typed)?.then).toEqual({ monthly_interest_rate: '0.0249' });
  });

  it('keeps whole numbers numbers and amounts texts, and lets an edge be empty', () => {
    expect(withText(first, tenureBelow, '24')?.when['tenure_months']).toEqual({ below: 24 });
    expect(withText(first, tenureBelow, '24,5')).toBeUndefined();
    expect(withText(first, amountBelow, '4.500,00')?.when['offered_amount']).toEqual({
      from: '1000.00',
      below: '4500.00',
    });
    expect(withText(first, amountFrom, '')?.when['offered_amount']).toEqual({ below: '3000.00' });
    expect(withText(first, rate, '')).toBeUndefined();
  });

  it('takes a block from a spreadsheet whole or not at all', () => {
    const pasted = paste(table.rows, columns, { row: 0, column: 3 }, '5.000,00\t2,10\r\n6.000,00\t2,20\r\n');
    expect(pasted).toMatchObject({
      kind: 'rows',
      rows: [
        { then: { monthly_interest_rate: '0.0210' } },
        { when: { offered_amount: { below: '6000.00' } } },
      ],
    });
    expect(paste(table.rows, columns, { row: 0, column: 4 }, '2,10\nmuito')).toMatchObject({
      kind: 'wrong',
      row: 1,
    });
  });
});
