import { A_RULE, compiledPolicy, policyJson } from '../../../test/support/policies';
import { peopleInCases, runPolicyTests } from './test-cases';

const BASE = {
  name: 'base',
  on: '2026-08-18',
  facts: {
    borrower_age: 30,
    tenure_months: 20,
    margin: '100.00',
    requested_amount: '1000',
    requested_installments: 10,
  },
  expect: { outcome: 'accept', row: 'antigos' },
};
const run = (...cases: object[]) =>
  runPolicyTests(
    compiledPolicy(
      policyJson({
        rules: [
          A_RULE,
          {
            ...A_RULE,
            id: 'revisar',
            code: 'REVIEW',
            severity: 'review',
            require: { field: 'requested_amount', op: 'lt', value: '5000' },
          },
          {
            ...A_RULE,
            id: 'avisar',
            code: 'FLAG',
            severity: 'flag',
            require: { field: 'requested_installments', op: 'lt', value: 24 },
          },
          {
            ...A_RULE,
            id: 'taxa',
            code: 'RATE',
            require: { field: 'offered_rate', op: 'lte', value: '0.03' },
          },
        ],
        test_cases: [BASE, ...cases],
      }),
    ),
  );
const variant = (facts: object, expected: object) => ({
  name: 'v',
  like: 'base',
  on: '2026-08-18',
  facts,
  expect: expected,
});

describe('stored test cases', () => {
  it.each<[string, object, object]>([
    ['accept', {}, { outcome: 'accept' }],
    ['the other row', { tenure_months: 3 }, { outcome: 'accept', row: 'novos' }],
    ['decline', { borrower_age: 17 }, { outcome: 'decline', reasons: ['AGE_BELOW_MINIMUM'] }],
    ['review', { requested_amount: '5000.00' }, { outcome: 'review', reasons: ['REVIEW'] }],
    ['flag', { requested_installments: 24 }, { outcome: 'accept', reasons: ['FLAG'] }],
    [
      'decline over review',
      { borrower_age: 17, requested_amount: '5000' },
      { outcome: 'decline', reasons: ['REVIEW', 'AGE_BELOW_MINIMUM'] },
    ],
    [
      'a fact taken away',
      { tenure_months: null },
      { outcome: 'decline', reasons: ['DATA_MISSING:tenure_months'] },
    ],
    ['an offer, once there is one', { offered_rate: '0.0301' }, { outcome: 'decline', reasons: ['RATE'] }],
    [
      'an offer in its own row',
      { offered_rate: '0.02', offered_amount: '900', offered_installments: 30 },
      { outcome: 'accept', row: 'antigos' },
    ],
  ])('pass when they expect what comes: %s', (_what, facts, expected) => {
    expect(run(variant(facts, expected)).map(({ passed }) => passed)).toEqual([true, true]);
  });

  it.each<[string, object, object]>([
    ['outcome', {}, { outcome: 'decline' }],
    ['reason', { borrower_age: 17 }, { outcome: 'decline', reasons: [] }],
    [
      'one reason of two',
      { borrower_age: 17, tenure_months: null },
      { outcome: 'decline', reasons: ['AGE_BELOW_MINIMUM'] },
    ],
    ['row', {}, { outcome: 'accept', row: 'novos' }],
  ])('fail on a wrong %s, and say what came', (_what, facts, expected) => {
    const [, result] = run(variant(facts, expected));
    expect(result?.passed).toBe(false);
    expect(result?.actual).not.toEqual(result?.expected);
  });

  it('may expect the late window', () => {
    const late = { ...variant({}, { outcome: 'decline', reasons: ['LATE_BIDDING_OFF'] }), window: 'late' };
    expect(run(late).map(({ passed }) => passed)).toEqual([true, true]);
  });
});

it('a test case names the people whose CPF it gives, but for the invented one; a company is nobody', () => {
  const about = (name: string, facts: object) => ({ ...BASE, name, facts: { ...BASE.facts, ...facts } });
  const { policy } = compiledPolicy(
    policyJson({
      test_cases: [
        about('nobody', {}),
        about('not known', { borrower_cpf: null }),
        about('invented', { borrower_cpf: '11144477735' }),
        about('a company', { employer_document: '33000167000101' }),
        about('two', { borrower_cpf: '52998224725', employer_document: '00737823780' }),
      ],
    }),
  );
  expect(peopleInCases(policy)).toEqual([
    { name: 'two', person: '52998224725' },
    { name: 'two', person: '00737823780' },
  ]);
});
