import { calendarDate, Decimal, Personal } from '../../kernel';
import {
  A_PRICE_TABLE,
  A_RULE,
  compiledPolicy,
  DECIDED_ON,
  GOOD_BORROWER,
  policyJson,
  problemsOf,
} from '../../../test/support/policies';
import { evaluateRules, limitsFor, priceRows } from './compile-policy';
import { reasonsOf } from './rule';
import type { Facts, FieldName } from './fields';

/*
 * Nothing that is missing, misspelt or of the wrong kind may ever read as "no objection". Either the document
 * does not become a policy, or the request is declined: there is no third way.
 */

const rule = (changes: Readonly<Record<string, unknown>>) =>
  policyJson({ rules: [{ ...A_RULE, ...changes }] });
const comparison = (changes: Readonly<Record<string, unknown>>) =>
  rule({ require: { ...A_RULE.require, ...changes } });
const table = (changes: Readonly<Record<string, unknown>>) =>
  policyJson({ tables: [{ ...A_PRICE_TABLE, ...changes }] });
const firstRow = (changes: Readonly<Record<string, unknown>>) =>
  table({ rows: [{ ...A_PRICE_TABLE.rows[0], ...changes }, A_PRICE_TABLE.rows[1]] });

describe('a document with a mistake never becomes a policy', () => {
  it.each<[string, unknown, string]>([
    ['nothing at all', null, ''],
    ['not an object', 'política', ''],
    ['no rules', policyJson({ rules: [] }), 'rules'],
    ['no tables', policyJson({ tables: [] }), 'pricing.table'],
    ['an unknown section', policyJson({ extra: {} }), ''],
    ['a misspelt field', comparison({ field: 'borower_age' }), 'rules[0].require.field'],
    ['a path instead of a field', comparison({ field: 'borrower.age' }), 'rules[0].require.field'],
    ['a field of Object.prototype', comparison({ field: 'constructor' }), 'rules[0].require.field'],
    ['a misspelt operator', comparison({ op: 'gt e' }), 'rules[0].require.op'],
    ['an operator of Object.prototype', comparison({ op: 'toString' }), 'rules[0].require.op'],
    [
      'a misspelt key',
      rule({ require: { field: 'borrower_age', op: 'gte', valor: 18 } }),
      'rules[0].require',
    ],
    ['no operand', comparison({ value: undefined }), 'rules[0].require.value'],
    ['a null operand', comparison({ value: null }), 'rules[0].require.value'],
    ['an empty operand', comparison({ value: '' }), 'rules[0].require.value'],
    ['a number in text', comparison({ value: '18' }), 'rules[0].require.value'],
    ['a fraction for an integer', comparison({ value: 18.5 }), 'rules[0].require.value'],
    ['an amount as a number', comparison({ field: 'margin', value: 100 }), 'rules[0].require.value'],
    ['an amount with a comma', comparison({ field: 'margin', value: '100,00' }), 'rules[0].require.value'],
    ['a fraction of a cent', comparison({ field: 'margin', value: '0.001' }), 'rules[0].require.value'],
    ['a rate in percent', comparison({ field: 'offered_rate', value: '2,49%' }), 'rules[0].require.value'],
    [
      'a truth value in text',
      comparison({ field: 'eligible', op: 'eq', value: 'true' }),
      'rules[0].require.value',
    ],
    ['order on a truth value', comparison({ field: 'eligible', value: true }), 'rules[0].require.value'],
    [
      'equality on a list',
      comparison({ field: 'running_leave_codes', op: 'eq', value: '03' }),
      'rules[0].require.value',
    ],
    [
      'an eSocial code as a number',
      comparison({ field: 'running_leave_codes', op: 'none_of', value: [3] }),
      'rules[0].require.value[0]',
    ],
    [
      'an eSocial code of one digit',
      comparison({ field: 'running_leave_codes', op: 'none_of', value: ['3'] }),
      'rules[0].require.value[0]',
    ],
    [
      'a closed code that is not one',
      comparison({ field: 'employer_document_type', op: 'eq', value: 'CNPJ' }),
      'rules[0].require.value',
    ],
    [
      'an empty set',
      comparison({ field: 'running_leave_codes', op: 'none_of', value: [] }),
      'rules[0].require.value',
    ],
    [
      'a list nobody declares',
      comparison({ field: 'employer_root', op: 'not_in', value: { list: 'x' } }),
      'rules[0].require.value.list',
    ],
    [
      'a date that does not exist',
      comparison({ field: 'admission_date', op: 'lt', value: '2026-02-30' }),
      'rules[0].require.value',
    ],
    [
      'an empty range',
      comparison({ op: 'between', value: { from: 60, below: 60 } }),
      'rules[0].require.value.below',
    ],
    ['a range without ends', comparison({ op: 'between', value: {} }), 'rules[0].require.value'],
    ['an empty group', rule({ require: { all: [] } }), 'rules[0].require.all'],
    [
      'a group within a group',
      rule({ require: { all: [{ any: [A_RULE.require] }] } }),
      'rules[0].require.all[0].field',
    ],
    [
      'two groups at once',
      rule({ require: { all: [A_RULE.require], any: [A_RULE.require] } }),
      'rules[0].require',
    ],
    [
      'a mistake within a group',
      rule({ require: { any: [A_RULE.require, { ...A_RULE.require, field: 'x' }] } }),
      'rules[0].require.any[1].field',
    ],
    ['a misspelt placeholder', rule({ sentence: 'Idade {observado}' }), 'rules[0].sentence'],
    ['an unknown severity', rule({ severity: 'recusar' }), 'rules[0].severity'],
    ['an unknown choice for missing data', rule({ on_missing: 'accept' }), 'rules[0].on_missing'],
    ['a reserved reason code', rule({ code: 'DATA_MISSING' }), 'rules[0].code'],
    [
      'an empty validity',
      rule({ effective: { from: '2026-02-01', until: '2026-02-01' } }),
      'rules[0].effective',
    ],
    ['two rules of one name', policyJson({ rules: [A_RULE, A_RULE] }), 'rules[1]'],
    [
      'an empty cell',
      firstRow({ when: { tenure_months: '', offered_installments: 'any' } }),
      'tables[0].rows[0].when.tenure_months',
    ],
    [
      'a missing cell',
      firstRow({ when: { offered_installments: 'any' } }),
      'tables[0].rows[0].when.tenure_months',
    ],
    [
      'a cell of no column',
      firstRow({ when: { tenure_months: 'any', offered_installments: 'any', eligible: [true] } }),
      'tables[0].rows[0].when.eligible',
    ],
    [
      'a cell of the wrong kind',
      firstRow({ when: { tenure_months: '>= 12', offered_installments: 'any' } }),
      'tables[0].rows[0].when.tenure_months',
    ],
    ['a column nobody knows', table({ columns: ['tenure_months', 'prazo'] }), 'tables[0].columns[1]'],
    [
      'a column the offer decides',
      table({
        columns: ['tenure_months', 'offered_rate'],
        rows: [{ ...A_PRICE_TABLE.rows[0], when: { tenure_months: 'any', offered_rate: { below: '0.5' } } }],
      }),
      'tables[0].columns[1]',
    ],
    ['no rate', firstRow({ then: {} }), 'tables[0].rows[0].then.monthly_interest_rate'],
    [
      'an empty rate',
      firstRow({ then: { monthly_interest_rate: '' } }),
      'tables[0].rows[0].then.monthly_interest_rate',
    ],
    [
      'a rate with a letter',
      firstRow({ then: { monthly_interest_rate: '0.016x' } }),
      'tables[0].rows[0].then.monthly_interest_rate',
    ],
    [
      'a rate as a number',
      firstRow({ then: { monthly_interest_rate: 0.0349 } }),
      'tables[0].rows[0].then.monthly_interest_rate',
    ],
    [
      'a rate in percent points',
      firstRow({ then: { monthly_interest_rate: '3.49' } }),
      'tables[0].rows[0].then.monthly_interest_rate',
    ],
    ['no answer for no match', table({ no_match: undefined }), 'tables[0].no_match'],
    [
      'rows that overlap',
      firstRow({ when: { tenure_months: { below: 13 }, offered_installments: 'any' } }),
      'tables[0].rows[1]',
    ],
    [
      'a price table that is not there',
      policyJson({ pricing: { table: 'x', rebates: [], days_to_expiration: 7 } }),
      'pricing.table',
    ],
    [
      'late bids without their own prices',
      policyJson({ late_bidding: { enabled: true } }),
      'late_bidding.limits',
    ],
  ])('%s', (_what, json, path) => {
    expect(problemsOf(json).map((problem) => problem.path)).toContain(path);
  });
});

describe('a sound policy declines what it cannot know', () => {
  const operators: readonly (readonly [FieldName, string, unknown, unknown])[] = [
    ['margin', 'gte', '50.00', new Decimal(60)],
    ['margin', 'lt', '50.00', new Decimal(40)],
    ['margin', 'ne', '50.00', new Decimal(60)],
    ['tenure_months', 'between', { from: 1, below: 100 }, 5],
    ['eligible', 'eq', true, true],
    ['admission_date', 'lte', '2026-01-01', calendarDate('2020-01-01')],
    ['political_exposition', 'ne', 'exposed', 'not_exposed'],
    ['political_exposition', 'not_in', ['exposed'], 'not_exposed'],
    ['employer_root', 'not_in', ['00000000'], '29113956'],
    ['borrower_cpf', 'not_in', { list: 'cpfs' }, Personal.text('00737823780')],
    ['running_leave_codes', 'none_of', ['03'], []],
    ['running_leave_codes', 'only_of', ['15'], []],
    ['running_leave_codes', 'any_of', ['15'], ['15']],
  ];
  /** What a careless producer of facts might leave in a field. */
  const notFacts = [
    undefined,
    null,
    Number.NaN,
    '',
    {},
    [null],
    [undefined],
    [''],
    new Decimal(Number.NaN),
    new Decimal(Infinity),
    1.5,
    Symbol('x'),
  ];

  it.each(operators)('%s %s %p', (field, op, value, holds) => {
    const compiled = compiledPolicy(
      policyJson({
        lists: [{ name: 'cpfs', of: 'borrower_cpf', label: 'CPFs', entries: [] }],
        rules: [{ ...A_RULE, require: { field, op, value } }],
      }),
    );
    const outcome = (fact: unknown) => {
      const facts = { ...GOOD_BORROWER, [field]: fact };
      return reasonsOf(evaluateRules(compiled, 'request', facts, DECIDED_ON)).map(({ code }) => code);
    };
    expect(outcome(holds)).toEqual([]);
    for (const nothing of notFacts) expect(outcome(nothing)).toEqual([`DATA_MISSING:${field}`]);
  });

  it('declines a mistyped fact in a price column: there is no default price', () => {
    const compiled = compiledPolicy(policyJson());
    for (const nothing of notFacts) {
      const facts = { ...GOOD_BORROWER, tenure_months: nothing } as unknown as Facts;
      const prices = priceRows(compiled, facts);
      expect(prices).toMatchObject({ kind: 'none', reasons: [{ code: 'DATA_MISSING:tenure_months' }] });
    }
  });

  it('declines a missing margin even if no rule asks for it', () => {
    const compiled = compiledPolicy(policyJson());
    const facts = { ...GOOD_BORROWER, margin: undefined };
    const reasons = reasonsOf(evaluateRules(compiled, 'request', facts, DECIDED_ON));
    expect(reasons.map(({ code, severity }) => [code, severity])).toEqual([
      ['DATA_MISSING:margin', 'decline'],
    ]);
  });

  it('declines what no row prices, in the words of the table', () => {
    const rows = [
      { ...A_PRICE_TABLE.rows[0], when: { tenure_months: { below: 12 }, offered_installments: 'any' } },
    ];
    const compiled = compiledPolicy(table({ rows }));
    expect(priceRows(compiled, GOOD_BORROWER)).toMatchObject({
      kind: 'none',
      reasons: [{ code: 'NO_PRICE', message: 'Sem preço.', severity: 'decline' }],
    });
  });

  it('declines after the limit unless late bidding has been switched on', () => {
    const compiled = compiledPolicy(policyJson());
    const codes = reasonsOf(evaluateRules(compiled, 'request', GOOD_BORROWER, DECIDED_ON, 'late'));
    expect(codes.map(({ code }) => code)).toEqual(['LATE_BIDDING_OFF']);
    expect(priceRows(compiled, GOOD_BORROWER, 'late').kind).toBe('none');
    expect(limitsFor(compiled, GOOD_BORROWER, 'late').kind).toBe('none');
  });

  it('lets missing data pass only where a rule says so, and says that it did', () => {
    const compiled = compiledPolicy(rule({ on_missing: 'pass' }));
    const [verdict] = evaluateRules(
      compiled,
      'request',
      { ...GOOD_BORROWER, borrower_age: undefined },
      DECIDED_ON,
    ).filter(({ ruleId }) => ruleId === 'idade');
    expect(verdict).toMatchObject({ result: 'pass', missing: ['borrower_age'], observed: 'não informado' });
  });

  it('stops when a list kept outside the document is not given', () => {
    const json = policyJson({
      lists: [{ name: 'cpfs', of: 'borrower_cpf', label: 'CPFs' }],
      rules: [{ ...A_RULE, require: { field: 'borrower_cpf', op: 'not_in', value: { list: 'cpfs' } } }],
    });
    expect(() => compiledPolicy(json)).toThrow('list cpfs');
  });
});
