import { Decimal } from '../../kernel';
import { compiledPolicy, DECIDED_ON, GOOD_BORROWER, policyJson } from '../../../test/support/policies';
import { evaluateRules, limitsFor } from './compile-policy';
import type { BiddingWindow } from './document';
import { reasonsOf } from './rule';

const limits = {
  amount: { minimum: '500', maximum: '30000' },
  installments: { minimum: 6, maximum: 48 },
  minimum_margin: '50.00',
};

describe('the minimum margin of the section', () => {
  const compiled = compiledPolicy(policyJson({ limits }));
  const reasons = (margin: string | undefined) =>
    reasonsOf(
      evaluateRules(
        compiled,
        'request',
        { ...GOOD_BORROWER, margin: margin === undefined ? undefined : new Decimal(margin) },
        DECIDED_ON,
      ),
    );

  it('declines like any rule, in words', () => {
    expect(reasons('49.99')).toEqual([
      {
        code: 'MARGIN_BELOW_MINIMUM',
        message: 'A margem consignável é R$ 49,99; a política exige no mínimo R$ 50,00.',
        severity: 'decline',
        ruleId: 'limits.minimum_margin',
        observed: 'R$ 49,99',
        required: 'no mínimo R$ 50,00',
      },
    ]);
    expect(reasons('50.00')).toEqual([]);
  });
  it('declines a margin that is not known', () => {
    expect(reasons(undefined)).toMatchObject([
      {
        code: 'DATA_MISSING:margin',
        severity: 'decline',
        message: 'Dado ausente ou ilegível: Margem consignável.',
      },
    ]);
  });
});

it('takes the limits of the table its section names, whichever others there are', () => {
  const table = (id: string, maximum: string) => ({
    id,
    kind: 'limits',
    label: id,
    columns: ['tenure_months'],
    rows: [{ id: `${id}-1`, when: { tenure_months: 'any' }, then: { maximum_amount: maximum } }],
    no_match: { code: 'NO_LIMITS', sentence: 'Sem limites.' },
  });
  const tables = [
    table('primeira', '1000'),
    ...(policyJson()['tables'] as object[]),
    table('segunda', '2000'),
  ];
  const late_bidding = { enabled: true, limits: { ...limits, table: 'segunda' }, table: 'precos' };
  const compiled = compiledPolicy(
    policyJson({ tables, limits: { ...limits, table: 'primeira' }, late_bidding }),
  );
  const maximum = (window: BiddingWindow) => {
    const found = limitsFor(compiled, GOOD_BORROWER, window);
    return found.kind === 'match' ? found.value.amount.max.toFixed() : undefined;
  };
  expect([maximum('on_time'), maximum('late')]).toEqual(['1000', '2000']);
});

it('shows a list of codes and reads no fact of another kind', () => {
  const rule = (field: string, op: string, value: unknown, code: string) => ({
    id: code.toLowerCase(),
    code,
    sentence: '{observed} / {required}',
    require: { field, op, value },
  });
  const compiled = compiledPolicy(
    policyJson({
      rules: [
        rule('running_leave_codes', 'none_of', ['03'], 'LEAVE'),
        rule('tenure_months', 'gte', 6, 'TENURE'),
        rule('admission_date', 'lt', '2020-01-01', 'ADMITTED'),
      ],
    }),
  );
  const codes = (changes: Readonly<Record<string, unknown>>) =>
    reasonsOf(evaluateRules(compiled, 'request', { ...GOOD_BORROWER, ...changes }, DECIDED_ON)).map(
      ({ code, message }) => `${code} ${message}`,
    );
  expect(codes({ admission_date: '2019-12-31' })).toEqual([]);
  expect(codes({ admission_date: '2020-02-29', running_leave_codes: ['03', '15'] })).toEqual([
    'LEAVE 03, 15 / nenhum destes: 03',
    'ADMITTED 29/02/2020 / menos de 01/01/2020',
  ]);
  for (const [field, wrong] of [
    ['admission_date', '2019-02-30'],
    ['admission_date', 20190228],
    ['tenure_months', 6.5],
    ['tenure_months', '7'],
    ['tenure_months', Number.NaN],
    ['running_leave_codes', '03'],
    ['running_leave_codes', ['03', 3]],
  ] as const)
    expect(codes({ admission_date: '2019-12-31', [field]: wrong })).toEqual([
      expect.stringMatching(new RegExp(`^DATA_MISSING:${field} `)),
    ]);
});
