import fc from 'fast-check';
import { irregularRows } from '../../../test/support/irregular-rows';
import {
  A_PRICE_TABLE,
  DECIDED_ON,
  policyJson,
  problemsOf,
  soundPolicy,
} from '../../../test/support/policies';
import { finished } from '../../kernel';
import { checkPolicy } from './check-policy';
import { compileEconomics } from './economics';
import { Effort, gridOf, isCovered, subtract, without, type Region } from './grid';
import { parseStored, type Policy } from './policy';
import { pricedLoans } from './priced-loans';
import { hiddenRows, RowPairs } from './row-pairs';

const CELLS = 70;
const mask = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << BigInt(CELLS)) - 1n }),
  fc
    .tuple(fc.nat(CELLS - 1), fc.nat(CELLS))
    .map(([first, length]) => ((1n << BigInt(length)) - 1n) << BigInt(first)),
  fc.constantFrom(1n, 3n, 7n, (1n << BigInt(CELLS)) - 1n),
);
const rowsOf = (cells: fc.Arbitrary<bigint>): fc.Arbitrary<readonly Region[]> =>
  fc.array(fc.tuple(cells, cells, cells), { minLength: 2, maxLength: 6 });

it('tells pairs apart by their ends as by their cells', () => {
  fc.assert(
    fc.property(rowsOf(mask), (rows) => {
      const pairs = new RowPairs(rows);
      for (const [a, one] of rows.entries())
        for (const [b, other] of rows.entries()) {
          const apart = [0, 1, 2].filter((axis) => ((one[axis] ?? 0n) & (other[axis] ?? 0n)) === 0n);
          const expected = apart.length === 0 ? 'nowhere' : apart.length === 1 ? apart[0] : 'several';
          expect(pairs.apartOn(a, b)).toBe(expected);
        }
    }),
  );
});

it('finds the rows that those above hide, exactly', () => {
  const few = fc.bigInt({ min: 1n, max: 7n });
  const seen = { hidden: 0, reached: 0 };
  fc.assert(
    fc.property(rowsOf(few), (rows) => {
      const naive = rows.map((row, index) =>
        rows
          .slice(0, index)
          .reduce<readonly Region[]>(
            (left, above) => left.flatMap((region) => subtract(region, above)),
            [row],
          ),
      );
      const expected = naive.flatMap((left, index) => (left.length === 0 ? [index] : []));
      seen[expected.length === 0 ? 'reached' : 'hidden'] += 1;
      expect(finished(hiddenRows({ axes: [], rows }, new Effort()))).toEqual({
        hidden: expected,
        isWhole: true,
      });
    }),
    { numRuns: 500 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
});

it('gives a question up when its effort is spent', () => {
  const [all, half]: Region[] = [[3n], [1n]];
  expect(finished(isCovered(all ?? [], [half ?? [], half ?? []], new Effort(1)))).toBeUndefined();
  expect(finished(without(all ?? [], [half ?? [], half ?? []], new Effort(1)))).toBeUndefined();
  expect(finished(without(all ?? [], [half ?? [], half ?? []], new Effort(2)))).toEqual([[2n]]);
});

describe('a table of many rows that overlap anyhow', () => {
  function irregular(...shape: Parameters<typeof irregularRows>) {
    const { columns, rows } = irregularRows(...shape);
    return {
      id: 'elegiveis',
      kind: 'eligibility',
      label: 'x',
      hit: 'first',
      columns,
      reason: { code: 'NOT_ELIGIBLE', sentence: 'x' },
      no_match: { code: 'NO_ROW', sentence: 'x' },
      rows: rows.map((row, at) => ({
        ...row,
        then: { decision: at === rows.length - 1 ? 'review' : 'decline' },
      })),
    };
  }
  const storedPolicy = (json: unknown): Policy => {
    const stored = parseStored(json);
    if (stored.kind === 'ok') return stored.policy;
    throw new Error(JSON.stringify(stored.problems));
  };
  const policyWith = (table: unknown) => policyJson({ tables: [A_PRICE_TABLE, table] });

  it('is read, and looked at whole, in a few thousand steps', () => {
    const table = irregular(60, 3, 900);
    expect(problemsOf(policyWith(table))).toEqual([]);
    const [, read] = soundPolicy(policyWith(table)).tables;
    if (read === undefined) throw new Error('the table is gone');
    expect(finished(hiddenRows(gridOf(read, new Map()), new Effort(5_000))).isWhole).toBe(true);
  });

  it('has a row for nobody where a list of old holds no value of its column, and not for everybody of the first', () => {
    const rows = [{ id: 'janeiro', when: { employer_document_type: { list: 'meses' } } }];
    const grid = gridOf({ columns: ['employer_document_type'], rows }, new Map([['meses', ['01', '02']]]));
    expect(grid.rows).toEqual([[0n]]);
  });

  it('is said to be too irregular where it cannot be looked at whole', () => {
    const stored = storedPolicy(policyWith(irregular(600, 2, 250)));
    const noCaps = { rateCaps: [], termCaps: [] };
    const caps = { private_payroll: noCaps, fgts: noCaps, federal_payroll: noCaps };
    const reference = { eSocial: { leave_reasons: new Map(), termination_reasons: new Map() }, caps };
    expect(finished(checkPolicy(stored, reference, DECIDED_ON))).toContainEqual({
      severity: 'warning',
      path: 'tables[elegiveis]',
      message: expect.stringContaining('irregular demais') as string,
    });
  });

  it('of expected losses leaves rows of prices without a cost, and tells', () => {
    const { reason: _, rows, ...table } = irregular(600, 2, 250);
    const then = { expected_loss_rate: '0.03', prepayment_monthly_rate: '0' };
    const losses = { ...table, kind: 'loss', rows: rows.map((row) => ({ ...row, then })) };
    const entry = {
      from: '2026-01-01',
      funding_monthly_rate: '0.0115',
      operating_cost: '35',
      fees: [],
      rebates_kept: '1',
      paid_out_share: '0.8',
      losses: losses.id,
    };
    const policy = storedPolicy({ ...policyWith(losses), economics: { inputs: [entry] } });
    const economics = compileEconomics(policy, new Map());
    if (economics === undefined) throw new Error('the policy has economics');
    expect(finished(pricedLoans(policy, economics, DECIDED_ON))).toEqual({ loans: [], isWhole: false });
  });
});
