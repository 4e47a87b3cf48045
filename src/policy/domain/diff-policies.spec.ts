import { A_PRICE_TABLE, A_RULE, policyJson, soundPolicy } from '../../../test/support/policies';
import { diffPolicies, diffPoliciesInSteps } from './diff-policies';

const diff = (before: Record<string, unknown>, after: Record<string, unknown>) =>
  diffPolicies(soundPolicy(policyJson(before)), soundPolicy(policyJson(after)));
const [first, second] = A_PRICE_TABLE.rows;

describe('the difference between two policies', () => {
  it('is nothing between two spellings', () => {
    const spelled = { ...second, then: { ...second?.then, monthly_interest_rate: '0.02490' } };
    expect(diff({}, { tables: [{ ...A_PRICE_TABLE, rows: [first, spelled] }] })).toEqual([]);
  });

  it('is one cell when one cell changed', () => {
    const rows = [first, { ...second, then: { ...second?.then, monthly_interest_rate: '0.0239' } }];
    expect(diff({}, { tables: [{ ...A_PRICE_TABLE, rows }] })).toEqual([
      {
        path: 'tables[precos].rows[antigos].then.monthly_interest_rate',
        kind: 'changed',
        before: '0.0249',
        after: '0.0239',
      },
    ]);
  });

  it('is a whole rule come or gone, wherever it stands', () => {
    const rule = { ...A_RULE, id: 'nova', code: 'NEW' };
    const [added] = diff({}, { rules: [rule, A_RULE] });
    expect(added).toMatchObject({ path: 'rules[nova]', kind: 'added', before: undefined });
    expect(diff({ rules: [rule, A_RULE] }, {})).toMatchObject([{ path: 'rules[nova]', kind: 'removed' }]);
  });

  it('shows a new order, for it decides in a table of first hits', () => {
    const table = { ...A_PRICE_TABLE, hit: 'first' };
    expect(diff({ tables: [table] }, { tables: [{ ...table, rows: [second, first] }] })).toEqual([
      {
        path: 'tables[precos].rows (ordem)',
        kind: 'changed',
        before: 'novos, antigos',
        after: 'antigos, novos',
      },
    ]);
  });

  describe('in a table of first hits', () => {
    const rows = (...ids: readonly string[]) => {
      const row = (id: string) => {
        const month = id.charCodeAt(0);
        return { ...first, id, when: { ...first?.when, tenure_months: { from: month, below: month + 1 } } };
      };
      return { tables: [{ ...A_PRICE_TABLE, hit: 'first', rows: ids.map(row) }] };
    };
    const order = (before: readonly string[], after: readonly string[]) =>
      diff(rows(...before), rows(...after)).find(({ path }) => path.endsWith('(ordem)'));

    it.each([
      ['added before others', ['a', 'b'], ['a', 'c', 'b']],
      ['added on top of all', ['a', 'b'], ['c', 'a', 'b']],
      ['renamed and moved', ['a', 'b', 'c'], ['d', 'b', 'c']],
    ])('says where a row stands that was %s', (_, before, after) => {
      expect(order(before, after)).toMatchObject({ before: before.join(', '), after: after.join(', ') });
    });

    it.each([
      ['added at the end', ['a', 'b'], ['a', 'b', 'c']],
      ['removed', ['a', 'b', 'c'], ['a', 'c']],
    ])('says only the row itself that was %s', (_, before, after) => {
      expect(order(before, after)).toBeUndefined();
    });
  });

  it('shows a changed operand whole', () => {
    const require = { field: 'borrower_age', op: 'between', value: { from: 18, below: 70 } };
    expect(
      diff({}, { rules: [{ ...A_RULE, require }] }).map(({ path, before, after }) => [path, before, after]),
    ).toEqual([
      ['rules[idade].require.op', 'gte', 'between'],
      ['rules[idade].require.value', '18', '{"below":70,"from":18}'],
    ]);
  });

  it('may be left after every row: thousands of them are compared on the thread that bids', () => {
    const policy = soundPolicy(policyJson());
    const rows = policy.tables.reduce((sum, table) => sum + table.rows.length, 0);
    expect(rows).toBeGreaterThan(1);
    expect([...diffPoliciesInSteps(policy, policy)].length).toBeGreaterThanOrEqual(rows);
  });
});
