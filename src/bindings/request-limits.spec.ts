import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { A_RULE, compiledPolicy, policyJson } from '../../test/support/policies';
import { addMonths, daysBetween, calendarDateOf } from '../kernel';
import { requestLimits } from './request-limits';

const rule = (field: string, op: string, value: unknown, change: object = {}) => ({
  ...A_RULE,
  id: `${field}-${op}`,
  require: { field, op, value },
  ...change,
});
const limitsOf = (changes: Record<string, unknown> = {}) =>
  requestLimits(compiledPolicy(policyJson(changes)));

describe('the coarse limits of a policy', () => {
  it('are those of the policy that comes with the product', () => {
    const seed: unknown = JSON.parse(readFileSync('config/policies/default.json', 'utf8'));
    const limits = requestLimits(compiledPolicy(seed));
    expect(JSON.parse(JSON.stringify(limits))).toEqual({
      // Larger amounts and other terms are fitted, so only the smallest amount is a limit.
      amount: { min: '500' },
      installments: {},
      minimumMargin: '50',
      minimumDaysEmployed: 179,
      age: { min: 18 },
    });
  });

  it.each([
    [['decline'], '30000', { min: 6, max: 48 }],
    [['decline', 'max_amount'], '30000', { min: 6, max: 48 }],
    [['keep_amount'], '30000', {}],
    [['keep_installment'], undefined, { min: 6, max: 48 }],
    [['max_amount'], undefined, {}],
  ])('with the strategies %j', (strategies, most, installments) => {
    const limits = limitsOf({ fitting: { strategies, safety_tolerance: '0' } });
    expect(limits.amount.min?.toFixed()).toBe('500');
    expect(limits.amount.max?.toFixed()).toBe(most);
    expect(JSON.parse(JSON.stringify(limits.installments))).toEqual(installments);
  });

  it('are the wider of both windows when the policy bids late', () => {
    const late = {
      amount: { minimum: '100.00', maximum: '40000.00' },
      installments: { minimum: 12, maximum: 60 },
      minimum_margin: '10.00',
    };
    const limits = limitsOf({
      fitting: { strategies: ['decline'], safety_tolerance: '0' },
      late_bidding: { enabled: true, limits: late, table: 'precos' },
    });
    expect(JSON.parse(JSON.stringify(limits))).toMatchObject({
      amount: { min: '100', max: '40000' },
      installments: { min: 6, max: 60 },
      minimumMargin: '0',
    });
  });

  it.each([
    [[rule('borrower_age', 'gte', 21)], { min: 21 }],
    [[rule('borrower_age', 'gt', 21)], { min: 22 }],
    [[rule('borrower_age', 'lte', 65)], { max: 65 }],
    [[rule('borrower_age', 'lt', 65)], { max: 64 }],
    [[rule('borrower_age', 'between', { from: 21, below: 65 })], { min: 21, max: 64 }],
    [[rule('borrower_age', 'eq', 40)], { min: 40, max: 40 }],
    [[rule('borrower_age', 'ne', 40)], {}],
    [
      [rule('borrower_age', 'gte', 21), rule('borrower_age', 'gt', 25), rule('borrower_age', 'lt', 70)],
      { min: 26, max: 69 },
    ],
    [
      [{ ...A_RULE, id: 'both', require: { all: [{ field: 'borrower_age', op: 'gte', value: 30 }] } }],
      { min: 30 },
    ],
    [[{ ...A_RULE, id: 'any', require: { any: [{ field: 'borrower_age', op: 'gte', value: 30 }] } }], {}],
    [[rule('borrower_age', 'gte', 21, { severity: 'review' })], { min: 21 }],
    // None of these alone keeps a request out.
    [[rule('borrower_age', 'gte', 21, { severity: 'flag' })], {}],
    [[rule('borrower_age', 'gte', 21, { on_missing: 'pass' })], {}],
    [[rule('borrower_age', 'gte', 21, { effective: { from: '2030-01-01' } })], {}],
  ])('by the rules %j', (rules, age) => {
    expect(JSON.parse(JSON.stringify(limitsOf({ rules }).age))).toEqual(age);
  });

  it('never ask for more days than so many months can have', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 0, max: 1_500 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 28 }),
        (months, offset, month, day) => {
          const start = calendarDateOf(2024 + (offset % 5), month, day);
          const { minimumDaysEmployed } = limitsOf({ rules: [rule('tenure_months', 'gte', months)] });
          const days = daysBetween(start, addMonths(start, months));
          expect(minimumDaysEmployed).toBeLessThanOrEqual(days);
          // In ten years there are up to three leap days, and a month may begin after February.
          expect(minimumDaysEmployed).toBeGreaterThanOrEqual(days - 9);
        },
      ),
      { numRuns: 200, examples: [[119, 428, 3, 1]] },
    );
  });
});
