import type { PolicyTable } from './document';
import { ordersOf, withColumn, withoutColumn, withOrder } from './table-structure';

const table: PolicyTable = {
  id: 'precos',
  kind: 'price',
  label: 'Preços',
  monotone: [{ column: 'tenure_months', rate: 'not_rising' }],
  columns: ['tenure_months', 'margin'],
  rows: [{ id: 'a', when: { tenure_months: { below: 12 }, margin: 'any' }, then: {} }],
};

describe('the structure of a table', () => {
  it('takes a column that asks nothing of any row, and loses it again', () => {
    const wider = withColumn(table, 'hour_of_day');
    expect(wider.columns).toEqual(['tenure_months', 'margin', 'hour_of_day']);
    expect(wider.rows[0]?.when).toEqual({ ...table.rows[0]?.when, hour_of_day: 'any' });
    expect(withoutColumn(wider, 'hour_of_day')).toEqual(table);
  });

  it('loses with a column its cells and its order', () => {
    const narrower = withoutColumn(table, 'tenure_months');
    expect(narrower.columns).toEqual(['margin']);
    expect(narrower.rows[0]?.when).toEqual({ margin: 'any' });
    expect(ordersOf(narrower)).toEqual([]);
  });

  it('declares an order once, changes it in its place and takes it back', () => {
    const both = withOrder(table, 'margin', 'not_falling');
    expect(ordersOf(withOrder(both, 'tenure_months', 'not_falling'))).toEqual([
      { column: 'tenure_months', rate: 'not_falling' },
      { column: 'margin', rate: 'not_falling' },
    ]);
    expect(withOrder(both, 'margin', undefined)).toEqual(table);
  });

  it('says nothing of orders where none was declared', () => {
    const limits: PolicyTable = { id: 'l', kind: 'limits', label: 'L', columns: ['margin'], rows: [] };
    expect(withOrder(limits, 'margin', undefined)).toBe(limits);
    expect('monotone' in withoutColumn(limits, 'margin')).toBe(false);
  });
});
