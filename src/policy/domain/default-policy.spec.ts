import { readFileSync } from 'node:fs';
import { calendarDate, Decimal, finished, parseJson } from '../../kernel';
import { compiledPolicy, DECIDED_ON, GOOD_BORROWER } from '../../../test/support/policies';
import { checkPolicy } from './check-policy';
import { evaluateRules, limitsFor, priceRows } from './compile-policy';
import { nothingKnownOf } from './fields';
import { reasonsOf } from './rule';
import { loadReferenceData } from '../reference-data';
import { runPolicyTests } from './test-cases';

const config = (name: string) => parseJson(readFileSync(`config/${name}`, 'utf8'));

describe('the policy shipped with the product', () => {
  const compiled = compiledPolicy(config('policies/default.json'));

  it('accepts and prices a plain request', () => {
    expect(reasonsOf(evaluateRules(compiled, 'request', GOOD_BORROWER, DECIDED_ON))).toEqual([]);
    const prices = priceRows(compiled, GOOD_BORROWER);
    expect(prices).toMatchObject({ kind: 'match', table: 'precos' });
    expect(prices).toHaveProperty('value.0', {
      id: 't3-p1-v1',
      installments: { min: 6, max: 12 },
      amount: { min: new Decimal(0), below: new Decimal(3000) },
      monthlyInterestRate: new Decimal('0.0279'),
      rebates: [{ feeType: 'spread', amountType: 'percentage', amount: new Decimal(2) }],
      daysToExpiration: 7,
    });
    expect(limitsFor(compiled, GOOD_BORROWER)).toMatchObject({
      value: { installments: { min: 6, max: 48 } },
    });
  });

  it('declines when nothing is known, naming every fact', () => {
    const nothingKnown = nothingKnownOf('private_payroll');
    const reasons = reasonsOf(evaluateRules(compiled, 'request', nothingKnown, DECIDED_ON));
    const codes = reasons.map(({ code }) => code);
    expect(codes).toContain('DATA_MISSING:running_leave_codes');
    expect(codes.filter((code) => !code.startsWith('DATA_MISSING:'))).toEqual([]);
    expect(priceRows(compiled, nothingKnown).kind).toBe('none');
  });

  it('passes its own test cases, of which there are some', () => {
    const results = runPolicyTests(compiled);
    expect(results.length).toBeGreaterThan(5);
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
  });

  it('gives its checker nothing to say: every code known, every price legal, no request within the limits unpriced', () => {
    const reference = loadReferenceData('config');
    for (const day of ['2026-08-18', '2026-11-27'])
      expect(finished(checkPolicy(compiled.policy, reference, calendarDate(day)))).toEqual([]);
  });
});
