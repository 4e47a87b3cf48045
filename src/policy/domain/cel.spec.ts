import { calendarDate, Decimal, finished } from '../../kernel';
import {
  A_PRICE_TABLE,
  A_RULE,
  compiledPolicy,
  DECIDED_ON,
  GOOD_BORROWER,
  policyJson,
  problemsOf,
  soundPolicy,
} from '../../../test/support/policies';
import { checkPolicy } from './check-policy';
import { evaluateRules } from './compile-policy';
import type { Facts } from './fields';

const withCel = (cel: unknown) => policyJson({ rules: [{ ...A_RULE, require: { cel } }] });
const result = (cel: string, facts: Partial<Facts> = {}, stage: 'request' | 'offer' = 'request') =>
  evaluateRules(compiledPolicy(withCel(cel)), stage, { ...GOOD_BORROWER, ...facts }, DECIDED_ON).find(
    ({ ruleId }) => ruleId === 'idade',
  );

const NO_CAPS = { rateCaps: [], termCaps: [] };

describe('a condition in CEL', () => {
  it.each<[string, boolean]>([
    ['borrower_age >= 18 && tenure_months > 6', true],
    ['borrower_age * 12 > tenure_months + 1000', false],
    ['margin >= decimal("10000.00")', true],
    ['margin > decimal("10000")', false],
    ['requested_amount * decimal("0.1") == decimal("210")', true],
    ['requested_amount + margin - decimal("0.10") < decimal("12100")', true],
    ['running_leave_codes.all(code, code in ["15", "17"])', true],
    ['size(running_leave_codes) > 0', false],
    ['employer_root.startsWith("2911") ? eligible : false', true],
    ['admission_date < "2020-03-10"', false],
    ['"2020-03-10" <= admission_date', true],
    ['["15", "17"].exists(code, code in running_leave_codes)', false],
    ['employer_root >= "3"', false],
    ['!(political_exposition in ["exposed"])', true],
  ])('%s is %p', (cel, holds) => {
    expect(result(cel)?.result).toBe(holds ? 'pass' : 'decline');
  });

  it('is exact where binary floats are not', () => {
    const facts = { margin: new Decimal('0.3'), requested_amount: new Decimal('0.1') };
    expect(result('requested_amount + requested_amount + requested_amount == margin', facts)?.result).toBe(
      'pass',
    );
  });

  it('is indeterminate as soon as one of its fields is missing, and names it', () => {
    const verdict = result('borrower_age >= 18 || eligible', { eligible: undefined });
    expect(verdict).toMatchObject({ result: 'indeterminate', missing: ['eligible'] });
    expect(result('size(running_leave_codes) == 0', { running_leave_codes: undefined })?.result).toBe(
      'indeterminate',
    );
    expect(result('borrower_age >= 18', { borrower_age: Number.NaN })?.result).toBe('indeterminate');
  });

  it('waits for the offer when it reads one, and shows what it saw', () => {
    const cel = 'offered_installment * decimal("2") <= margin';
    expect(result(cel)).toBeUndefined();
    expect(result(cel, { offered_installment: new Decimal(6000) }, 'offer')).toMatchObject({
      result: 'decline',
      observed: 'Margem consignável: R$ 10.000,00; Parcela ofertada: R$ 6.000,00',
      required: cel,
    });
  });

  it.each<[string, unknown]>([
    ['a syntax error', 'borrower_age >='],
    ['a misspelt field', 'borower_age >= 18'],
    ['a misspelt function', 'runing_leave_codes.sone(c, c == "03")'],
    ['a function we do not know', 'borrower_age.foo() == 1'],
    ['no truth value', 'borrower_age + 1'],
    ['mixed types', 'borrower_age >= "18"'],
    ['a decimal against a whole number', 'margin >= 100'],
    ['a binary float', 'borrower_age > 18.5'],
    ['a binary float where decimals stand', 'margin >= 100.0'],
    ['a decimal made of a field', 'decimal(political_exposition) == margin'],
    ['a decimal that is none', 'margin > decimal("1,00")'],
    ['personal data', 'borrower_cpf == "00737823780"'],
    ['dynamic types', 'dyn(borrower_age) == 1'],
    ['type tests', 'type(borrower_age) == int'],
    ['matching by regular expression', 'political_exposition.matches("(a+)+b")'],
    ['a comprehension in another', 'running_leave_codes.all(a, termination_codes.exists(b, a == b))'],
    ['mapping', 'size(running_leave_codes.map(a, a)) == 0'],
    ['a name that hides a field', 'running_leave_codes.all(eligible, eligible == "15")'],
    ['indexing', 'running_leave_codes[0] == "15"'],
    ['division, which may fail', 'tenure_months / borrower_age > 1'],
    ['a map', '{"a": borrower_age}["a"] == 18'],
    ['bindings', 'cel.bind(a, borrower_age, a > 18)'],
    ['the clock', 'timestamp("2020-01-01T00:00:00Z").getFullYear() == 2020'],
    ['a constant', 'true'],
    ['too long a text', `borrower_age > 1 ${'&& borrower_age > 1 '.repeat(30)}`],
    ['too deep a tree', `${'!('.repeat(20)}eligible${')'.repeat(20)}`],
    ['too long a list', `borrower_age in [${Array.from({ length: 60 }, (_, at) => at).join(',')}]`],
    ['a date of another form that a date is ordered against', 'admission_date >= "01/01/2015"'],
    ['a date without its zeros', 'admission_date <= "2024-1-1"'],
    ['the same from the other side', '"2024-1-1" > admission_date'],
    ['a code of another form behind a comprehension', 'running_leave_codes.all(c, c != "3")'],
    ['the same in a list', 'running_leave_codes.exists(c, c in ["03", "5"])'],
    ['items of another form', '["3"].exists(c, c in running_leave_codes)'],
    ['a code of another form beside a list of fields', '"2911" in [employer_root]'],
    ['nothing', ''],
    ['not a text', 18],
  ])('is refused for %s', (_what, cel) => {
    expect(problemsOf(withCel(cel)).map(({ path }) => path)).toEqual(['rules[0].require.cel']);
  });

  it('is pointed out to whoever approves', () => {
    const tables = [
      {
        ...A_PRICE_TABLE,
        columns: ['eligible'],
        rows: [{ ...A_PRICE_TABLE.rows[0], when: { eligible: 'any' } }],
      },
    ];
    const policy = soundPolicy({ ...withCel('borrower_age >= 18'), tables });
    const reference = {
      eSocial: { leave_reasons: new Map(), termination_reasons: new Map() },
      caps: { private_payroll: NO_CAPS, fgts: NO_CAPS, federal_payroll: NO_CAPS },
    };
    expect(finished(checkPolicy(policy, reference, calendarDate('2026-08-18')))).toEqual([
      {
        severity: 'warning',
        path: 'rules[idade].require.cel',
        message: expect.stringContaining('borrower_age >= 18') as string,
      },
    ]);
  });
});
