import { readFileSync } from 'node:fs';
import { calendarDate, Cpf, Decimal, parseJson, Personal } from '../../kernel';
import { compilePolicy, evaluateRules, limitsFor, priceRows } from './compile-policy';
import { NOTHING_KNOWN, type Facts } from './fields';
import { parsePolicy } from './policy';
import { reasonsOf } from './rule';

const on = calendarDate('2026-08-18');
const good: Facts = {
  ...NOTHING_KNOWN,
  eligible: true,
  cpf_valid: true,
  borrower_cpf: Cpf.parse('00737823780'),
  borrower_age: 53,
  political_exposition: 'not_exposed',
  employer_document_type: 'cnpj',
  employer_document_valid: true,
  employer_document: Personal.text('29113956000181'),
  employer_root: '29113956',
  tenure_months: 77,
  requested_amount: new Decimal(2100),
  requested_installments: 10,
  margin: new Decimal(10000),
  running_leave_codes: [],
  upcoming_leave_codes: [],
  notice_period_running: false,
  present_job_terminated: false,
  borrower_live_offers: 0,
};

function defaultPolicy() {
  const parsed = parsePolicy(parseJson(readFileSync('config/policies/default.json', 'utf8')));
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems, null, 1));
  return compilePolicy(parsed.policy);
}

describe('the policy shipped with the product', () => {
  const compiled = defaultPolicy();

  it('accepts and prices a plain request', () => {
    expect(reasonsOf(evaluateRules(compiled, 'request', good, on))).toEqual([]);
    const prices = priceRows(compiled, good);
    expect(prices).toMatchObject({ kind: 'match', table: 'precos' });
    expect(prices).toHaveProperty('value.0', {
      rowId: 't3-p1-v1',
      installments: { min: 6, max: 12 },
      amount: { min: new Decimal(0), below: new Decimal(3000) },
      outputs: {
        monthlyInterestRate: new Decimal('0.0279'),
        rebates: [{ feeType: 'spread', amountType: 'percentage', amount: new Decimal(2) }],
        daysToExpiration: 7,
      },
    });
    expect(limitsFor(compiled, good)).toMatchObject({ value: { installments: { min: 6, max: 48 } } });
  });

  it('declines when nothing is known, naming every fact', () => {
    const codes = reasonsOf(evaluateRules(compiled, 'request', NOTHING_KNOWN, on)).map(({ code }) => code);
    expect(codes).toContain('DATA_MISSING:running_leave_codes');
    expect(codes.every((code) => code.startsWith('DATA_MISSING:'))).toBe(true);
    expect(priceRows(compiled, NOTHING_KNOWN).kind).toBe('none');
  });
});
