import { A_PRICE_TABLE, policyJson, soundPolicy } from '../../../test/support/policies';
import { tableCounts } from './import-counts';

const [first, second] = A_PRICE_TABLE.rows;
const priced = (hit: string, rows: readonly unknown[]) =>
  soundPolicy(policyJson({ tables: [{ ...A_PRICE_TABLE, hit, rows }] }));
const counts = (hit: string, before: readonly unknown[], after: readonly unknown[]) =>
  tableCounts({ product: 'private_payroll', table: 'precos' }, priced(hit, before), priced(hit, after));

describe('what a sheet does to a table', () => {
  it('counts rows in another place where the order decides, and only there', () => {
    expect(counts('first', [first, second], [second, first])).toMatchObject({ added: 0, changed: 2 });
    expect(counts('unique', [first, second], [second, first])).toMatchObject({ added: 0, changed: 0 });
  });

  it('does not count the rows that a new one stands before', () => {
    const added = { ...first, id: 'nova', when: { ...first?.when, tenure_months: { below: 3 } } };
    expect(counts('first', [first, second], [added, first, second])).toEqual({
      rows: 3,
      added: 1,
      removed: 0,
      changed: 0,
    });
  });
});
