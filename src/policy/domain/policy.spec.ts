import { canonicalJson, parseJson, stringifyJson } from '../../kernel';
import {
  A_PRICE_TABLE,
  A_RULE,
  compiledPolicy,
  DECIDED_ON,
  federalPayrollJson,
  fgtsJson,
  GOOD_BORROWER,
  policyJson,
  problemsOf,
  soundPolicy,
} from '../../../test/support/policies';
import { evaluateRules, limitsFor, priceRows } from './compile-policy';
import { canonicalPolicy, parsePolicy, parseStored, policyHash } from './policy';
import { reasonsOf } from './rule';

const NO_LISTS = new Map();
const rule = (id: string, require: unknown, more: object = {}) => ({ ...A_RULE, id, require, ...more });

describe('all problems at once', () => {
  it('names each with its path, a message in Portuguese and what stood there', () => {
    const problems = problemsOf(
      policyJson({
        rules: [
          { ...A_RULE, require: { field: 'borower_age', op: 'gte', value: 18 } },
          { ...A_RULE, id: 'outra', require: { field: 'margin', op: 'gte', value: '1.234,00' } },
        ],
        tables: [{ ...A_PRICE_TABLE, hit: 'melhor' }],
        pacing: { bids_per_minute: 0, bids_per_hour: null, bids_per_day: null },
        fitting: { strategies: [], safety_tolerance: '0.05' },
      }),
    );
    expect(problems).toEqual([
      {
        path: 'rules[0].require.field',
        message: 'este campo não existe no dicionário',
        value: 'borower_age',
      },
      {
        path: 'rules[1].require.value',
        message: 'esperado um valor em reais, em texto: por exemplo "1500.00"',
        value: '1.234,00',
      },
      { path: 'tables[0].hit', message: expect.stringContaining('unique') as string, value: 'melhor' },
      { path: 'fitting.strategies', message: expect.stringContaining('1') as string, value: '[]' },
      {
        path: 'pacing.bids_per_minute',
        message: expect.stringContaining('número inteiro') as string,
        value: '0',
      },
    ]);
  });

  it('never repeats what may be personal', () => {
    const cpf = '00737823780';
    const json = policyJson({
      lists: [{ name: 'cpfs', of: 'borrower_cpf', label: 'CPFs', entries: [cpf] }],
      rules: [
        rule('um', { field: 'borrower_cpf', op: 'eq', value: cpf }),
        rule('dois', { field: 'borrower_cpf', op: 'in', value: [cpf] }),
        rule('três', { any: [{ field: 'employer_document', op: 'not_in', value: [cpf] }] }),
      ],
      test_cases: [
        { name: 'a', on: '2026-01-01', facts: { borrower_cpf: '0073782378' }, expect: { outcome: 'accept' } },
      ],
    });
    expect(problemsOf(json).length).toBeGreaterThanOrEqual(5);
    expect(JSON.stringify(problemsOf(json))).not.toContain('737823');
  });

  it.each([
    ['running_leave_codes', ['03', '17'], true], // table 18 of eSocial, not 19
    ['termination_codes', ['02'], false],
  ])(
    'refuses the list of a field with other values, which would never match: %s',
    (of, entries, isRefused) => {
      const json = policyJson({
        lists: [{ name: 'uma', of, label: 'Uma', entries }],
        rules: [
          { ...A_RULE, require: { field: 'termination_codes', op: 'none_of', value: { list: 'uma' } } },
        ],
      });
      const refusal = `a lista é de ${of} e não serve para termination_codes`;
      expect(problemsOf(json).some(({ message }) => message === refusal)).toBe(isRefused);
    },
  );

  it('survives documents made to break it', () => {
    for (const json of [
      [],
      0,
      '',
      null,
      { rules: null },
      { lists: [null, 0], tables: {} },
      policyJson({ rules: 'x'.repeat(1e6) }),
    ]) {
      expect(parsePolicy(json).kind).toBe('invalid');
      expect(JSON.stringify(problemsOf(json)).length).toBeLessThan(10_000);
    }
    const manyRules = Array.from({ length: 501 }, (_, at) => ({ ...A_RULE, id: `r${String(at)}` }));
    expect(problemsOf(policyJson({ rules: manyRules })).map(({ path }) => path)).toEqual(['rules']);
  });
});

describe('contradictions', () => {
  const age = (op: string, value: unknown) => ({ field: 'borrower_age', op, value });
  it.each<[string, object, object, boolean]>([
    ['apart', age('gte', 70), age('lt', 60), true],
    ['touching, one end open', age('gte', 60), age('lt', 60), true],
    ['touching, both ends closed', age('gte', 60), age('lte', 60), false],
    ['two equalities', age('eq', 18), age('eq', 19), true],
    ['equality inside', age('eq', 18), age('between', { from: 18, below: 19 }), false],
    ['equality at the open end', age('eq', 19), age('between', { from: 18, below: 19 }), true],
    [
      'yes and no',
      { field: 'eligible', op: 'eq', value: true },
      { field: 'eligible', op: 'eq', value: false },
      true,
    ],
    ['two fields', age('gte', 70), { field: 'tenure_months', op: 'lt', value: 60 }, false],
    [
      'amounts by value, not by spelling',
      { field: 'margin', op: 'gt', value: '9.99' },
      { field: 'margin', op: 'lt', value: '10' },
      false,
    ],
    ['within a group of all', { all: [age('gte', 70)] }, age('lt', 60), true],
    ['within a group of any', { any: [age('gte', 70)] }, age('lt', 60), false],
  ])('between two rules: %s', (_what, a, b, contradict) => {
    const paths = problemsOf(policyJson({ rules: [rule('a', a), rule('b', b)] })).map(({ path }) => path);
    expect(paths).toEqual(contradict ? ['rules[1].require'] : []);
  });

  it('are not seen between rules of different days, or that only flag', () => {
    const [a, b] = [age('gte', 70), age('lt', 60)];
    expect(problemsOf(policyJson({ rules: [rule('a', a), rule('b', b, { severity: 'flag' })] }))).toEqual([]);
    const dated = rule('b', b, { effective: { from: '2027-01-01' } });
    expect(problemsOf(policyJson({ rules: [rule('a', a), dated] }))).toEqual([]);
  });

  const rows = (...whens: object[]) =>
    whens.map((when, at) => ({
      id: `p${String(at)}`,
      when,
      then: { monthly_interest_rate: `0.0${String(at + 1)}` },
    }));
  const table = (changes: object) => policyJson({ tables: [{ ...A_PRICE_TABLE, ...changes }] });

  it('in a table of first hits: a row hidden by several above it', () => {
    const first = { hit: 'first', columns: ['tenure_months'] };
    const hidden = rows(
      { tenure_months: { below: 12 } },
      { tenure_months: { from: 12, below: 24 } },
      { tenure_months: { from: 6, below: 24 } },
    );
    expect(problemsOf(table({ ...first, rows: hidden })).map(({ path }) => path)).toEqual([
      'tables[0].rows[2]',
    ]);
    hidden[2] = { ...rows({ tenure_months: { from: 6, below: 25 } })[0], id: 'p2' } as (typeof hidden)[0];
    expect(problemsOf(table({ ...first, rows: hidden }))).toEqual([]);
  });

  it('in rates that go the wrong way along a column, other columns being equal', () => {
    const columns = ['tenure_months', 'offered_installments'];
    const [short, long] = [{ below: 12 }, { from: 12 }];
    const rising = rows(
      { tenure_months: short, offered_installments: short },
      { tenure_months: short, offered_installments: long },
      { tenure_months: long, offered_installments: short },
    );
    const found = (column: string, rate: string) =>
      problemsOf(table({ columns, rows: rising, monotone: [{ column, rate }] })).map(({ path }) => path);
    expect(found('offered_installments', 'not_falling')).toEqual([]);
    expect(found('offered_installments', 'not_rising')).toEqual([
      'tables[0].rows[1].then.monthly_interest_rate',
    ]);
    expect(found('tenure_months', 'not_rising')).toEqual(['tables[0].rows[2].then.monthly_interest_rate']);
    expect(found('eligible', 'not_rising')).toEqual(['tables[0].monotone[0].column']);
    const [named] = problemsOf(
      table({ columns, rows: rising, monotone: [{ column: 'tenure_months', rate: 'not_rising' }] }),
    );
    expect(named?.message).toMatch(
      /^a taxa de \d,\d\d% da linha ".+" é maior que a de \d,\d\d% da linha ".+", e a tabela diz que ela não pode subir com o campo [^_]+$/,
    );
  });

  it('in what refers to nothing', () => {
    const paths = problemsOf(
      policyJson({
        tables: [A_PRICE_TABLE, { ...A_PRICE_TABLE, id: 'outra' }],
        test_cases: [
          { name: 'a', like: 'b', on: '2026-01-01', facts: {}, expect: { outcome: 'accept' } },
          {
            name: 'b',
            like: 'a',
            on: '2026-01-01',
            facts: {},
            expect: { outcome: 'decline', reasons: ['NO_SUCH_CODE'] },
          },
          {
            name: 'c',
            like: 'd',
            on: '2026-01-01',
            facts: {},
            expect: { outcome: 'accept', row: 'nenhuma' },
          },
        ],
      }),
    ).map(({ path }) => path);
    expect(paths).toEqual([
      'tables[1]',
      'test_cases[0].like',
      'test_cases[1].like',
      'test_cases[1].expect.reasons[0]',
      'test_cases[2].like',
      'test_cases[2].expect.row',
    ]);
  });
});

describe('limits', () => {
  const limitsTable = {
    id: 'limites',
    kind: 'limits',
    label: 'Limites por tempo de casa',
    columns: ['tenure_months'],
    rows: [
      {
        id: 'novos',
        when: { tenure_months: { below: 12 } },
        then: { maximum_amount: '5000', maximum_installments: 12 },
      },
      {
        id: 'antigos',
        when: { tenure_months: { from: 12 } },
        then: { minimum_amount: '1000', maximum_amount: '99999' },
      },
    ],
    no_match: { code: 'NO_LIMITS', sentence: 'Sem limites.' },
  };
  const withTable = (rows = limitsTable.rows) =>
    policyJson({
      tables: [A_PRICE_TABLE, { ...limitsTable, rows }],
      limits: {
        amount: { minimum: '500', maximum: '30000' },
        installments: { minimum: 6, maximum: 48 },
        minimum_margin: '50',
        table: 'limites',
      },
    });
  const numbers = (tenure: number | undefined) => {
    const found = limitsFor(compiledPolicy(withTable()), { ...GOOD_BORROWER, tenure_months: tenure });
    if (found.kind === 'none') return found.reasons.map(({ code }) => code);
    const { amount, installments } = found.value;
    return [amount.min.toFixed(), amount.max.toFixed(), installments.min, installments.max];
  };

  it('are narrowed by the matching row, never widened', () => {
    expect(numbers(3)).toEqual(['500', '5000', 6, 12]);
    expect(numbers(12)).toEqual(['1000', '30000', 6, 48]);
    expect(numbers(undefined)).toEqual(['DATA_MISSING:tenure_months']);
  });

  it('that leave nothing possible are refused', () => {
    const rows = [{ ...limitsTable.rows[0], then: { maximum_amount: '499.99' } }];
    expect(problemsOf(withTable(rows as never)).map(({ path }) => path)).toEqual(['tables[1].rows[0].then']);
  });

  it('report a margin below the minimum like any rule', () => {
    const facts = { ...GOOD_BORROWER, margin: GOOD_BORROWER.margin?.dividedBy(1000) };
    const reasons = reasonsOf(evaluateRules(compiledPolicy(withTable()), 'request', facts, DECIDED_ON));
    expect(reasons).toMatchObject([
      { code: 'MARGIN_BELOW_MINIMUM', observed: 'R$ 10,00', required: 'no mínimo R$ 50,00' },
    ]);
  });
});

describe('late bidding', () => {
  const late = policyJson({
    tables: [
      A_PRICE_TABLE,
      { ...A_PRICE_TABLE, id: 'tarde', rows: [{ ...A_PRICE_TABLE.rows[1], id: 'tarde-1' }] },
    ],
    late_bidding: {
      enabled: true,
      table: 'tarde',
      limits: {
        amount: { minimum: '500', maximum: '900' },
        installments: { minimum: 6, maximum: 9 },
        minimum_margin: '99999',
      },
    },
  });

  it('has limits and prices of its own, and the same rules', () => {
    const compiled = compiledPolicy(late);
    expect(priceRows(compiled, GOOD_BORROWER, 'late')).toMatchObject({
      value: [{ id: 'tarde-1', installments: { min: 6, max: 9 } }],
    });
    const young = { ...GOOD_BORROWER, borrower_age: 17 };
    const reasons = reasonsOf(evaluateRules(compiled, 'request', young, DECIDED_ON, 'late'));
    expect(reasons.map(({ code }) => code)).toEqual(['MARGIN_BELOW_MINIMUM', 'AGE_BELOW_MINIMUM']);
    expect(reasonsOf(evaluateRules(compiled, 'request', young, DECIDED_ON))).toHaveLength(1);
  });
});

describe('the address of a policy', () => {
  it('is the same for the same meaning, however written', () => {
    const text = stringifyJson(policyJson());
    const respelt = text
      .replace('"500.00"', '"500.0"')
      .replace('"0.0349"', '"0.034900"')
      .replace('"value":18', '"value": 18.0');
    expect(respelt).not.toBe(text);
    const reversed = Object.fromEntries(Object.entries(policyJson()).reverse());
    const hashes = [JSON.parse(text), parseJson(text), parseJson(respelt), reversed].map((json) =>
      policyHash(soundPolicy(json), NO_LISTS),
    );
    expect(new Set(hashes).size).toBe(1);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('changes with any cell', () => {
    const json = policyJson();
    const texts = [json, { ...json, name: 'Outra' }, { ...json, rules: [{ ...A_RULE, severity: 'flag' }] }];
    expect(new Set(texts.map((one) => policyHash(soundPolicy(one), NO_LISTS))).size).toBe(3);
  });

  it('changes with a list kept outside', () => {
    const policy = soundPolicy(policyJson({ lists: [{ name: 'cpfs', of: 'borrower_cpf', label: 'CPFs' }] }));
    const hashes = ['a', 'b'].map((sha256) => policyHash(policy, new Map([['cpfs', { sha256 }]])));
    expect(new Set([...hashes, policyHash(policy, NO_LISTS)]).size).toBe(3);
  });

  it('is of a form that reads back as itself', () => {
    const canonical = canonicalPolicy(soundPolicy(policyJson()));
    expect(canonicalPolicy(soundPolicy(parseJson(canonical)))).toBe(canonical);
    expect(canonicalJson(parseJson(canonical))).toBe(canonical);
  });
});

describe('a verdict', () => {
  it('shows what was seen and wanted, and no personal data', () => {
    const compiled = compiledPolicy(
      policyJson({
        lists: [{ name: 'cpfs', of: 'borrower_cpf', label: 'CPFs bloqueados' }],
        rules: [
          {
            ...A_RULE,
            sentence: 'CPF {borrower_cpf}, empregador {employer_document}, visto {observed}.',
            require: { field: 'borrower_cpf', op: 'not_in', value: { list: 'cpfs' } },
          },
          rule(
            'grupo',
            {
              any: [
                { field: 'borrower_age', op: 'lt', value: 18 },
                { field: 'offered_rate', op: 'lte', value: '0.0199' },
              ],
            },
            { sentence: '{observed} | {required}' },
          ),
        ],
      }),
      new Map([['cpfs', { sha256: '', has: () => true }]]),
    );
    const [, cpf] = evaluateRules(compiled, 'request', GOOD_BORROWER, DECIDED_ON);
    expect(cpf).toEqual({
      ruleId: 'idade',
      code: 'AGE_BELOW_MINIMUM',
      result: 'decline',
      message: 'CPF ***.378.237-**, empregador ***, visto ***.378.237-**.',
      observed: '***.378.237-**',
      required: 'nenhum destes: lista "CPFs bloqueados"',
      missing: [],
    });
    const [group] = evaluateRules(compiled, 'offer', GOOD_BORROWER, DECIDED_ON);
    expect(group).toMatchObject({
      result: 'indeterminate',
      message: 'Dado ausente ou ilegível: Taxa mensal ofertada.',
      observed: 'Idade: 53 anos; Taxa mensal ofertada: não informado',
      required: 'Idade: menos de 18 anos ou Taxa mensal ofertada: no máximo 1,99%',
      missing: ['offered_rate'],
    });
  });
});

describe('what pricing cannot take', () => {
  const TAC = { fee_type: 'tac', amount_type: 'absolute', amount: '12.34' };
  const finest = '0.000000000001';
  const finer = '0.0000000000001';
  const losses = {
    ...A_PRICE_TABLE,
    id: 'perdas',
    kind: 'loss',
    rows: A_PRICE_TABLE.rows.map((row) => ({
      ...row,
      then: { expected_loss_rate: '0.03', prepayment_monthly_rate: '0' },
    })),
  };
  const entry = {
    from: '2026-01-01',
    funding_monthly_rate: '0.0115',
    operating_cost: '35',
    fees: [TAC],
    rebates_kept: '1',
    paid_out_share: '0.8',
    losses: 'perdas',
  };
  const whole = policyJson({
    tables: [
      {
        ...A_PRICE_TABLE,
        rows: A_PRICE_TABLE.rows.map((row) => ({ ...row, then: { ...row.then, rebates: [TAC] } })),
      },
      losses,
    ],
    pricing: { table: 'precos', rebates: [TAC], days_to_expiration: 7 },
    economics: { inputs: [entry] },
    products: { fgts: fgtsJson(), federal_payroll: federalPayrollJson() },
  });
  /** Every place of a rate or of a fee, as the document names them. */
  const FEES = /(rebates|contract_fees|fees)\[\d+\]\.amount$/;
  const AMOUNTS =
    /(amount\.(minimum|maximum)|minimum_margin|operating_cost|safety_tolerance|^exposure\.[a-z_]+)$/;
  const RATES = /(_rate|rebates_kept|_share)$/;
  const placesOf = (json: unknown, matching: RegExp, at = ''): readonly string[] =>
    typeof json === 'object' && json !== null
      ? Object.entries(json).flatMap(([key, value]) =>
          placesOf(
            value,
            matching,
            Array.isArray(json) ? `${at}[${key}]` : `${at}.${key}`.replace(/^\./, ''),
          ),
        )
      : matching.test(at)
        ? [at]
        : [];
  const changed = (place: string, value: string): unknown => {
    const copy = JSON.parse(JSON.stringify(whole)) as Record<string, unknown>;
    const keys = place.split(/[.[\]]+/).filter((key) => key !== '');
    const last = keys.pop() ?? '';
    Reflect.set(
      keys.reduce<object>((here, key) => Reflect.get(here, key) as object, copy),
      last,
      value,
    );
    return copy;
  };
  const fees = placesOf(whole, FEES);
  const rates = placesOf(whole, RATES);

  it('is refused at its place, wherever a fee or a rate may stand', () => {
    expect([fees.length, rates.length, problemsOf(whole)]).toEqual([5, 14, []]);
    for (const place of fees)
      expect(problemsOf(changed(place, '12.345'))).toMatchObject([{ path: place, value: '12.345' }]);
    for (const place of rates) {
      expect(problemsOf(changed(place, finer))).toMatchObject([{ path: place, value: finer }]);
      expect(problemsOf(changed(place, finest))).toEqual([]);
    }
  });

  it('is a point of thousands too, wherever an amount may stand', () => {
    const amounts = [...placesOf(whole, AMOUNTS), ...fees];
    expect(amounts.length).toBe(19);
    for (const place of amounts) {
      expect(problemsOf(changed(place, '1.500'))).toMatchObject([{ path: place, value: '1.500' }]);
      expect(problemsOf(changed(place, '1500.0')).filter(({ path }) => path === place)).toEqual([]);
    }
  });

  it.each([
    ['requested_amount > decimal("3.000")', 'três mil é "3000"'],
    ['decimal("10.000") <= requested_amount', 'três mil é "3000"'],
    ['offered_monthly_cet <= decimal("3")', 'passa de 100%'],
    ['decimal("2.49") > offered_rate', 'passa de 100%'],
  ])('is such a point in an expression, or a percentage: %s', (cel, words) => {
    const json = policyJson({ rules: [{ ...A_RULE, require: { cel } }] });
    expect(problemsOf(json)).toMatchObject([
      { path: 'rules[0].require.cel', message: expect.stringContaining(words) as string },
    ]);
    expect(parseStored(json).kind).toBe('ok');
  });

  it.each(['requested_amount > decimal("3000.0")', 'requested_amount <= margin * decimal("0.350")'])(
    'is not %s',
    (cel) => {
      expect(problemsOf(policyJson({ rules: [{ ...A_RULE, require: { cel } }] }))).toEqual([]);
    },
  );

  it('is a percentage above the loan too', () => {
    const rebates = (amount: string) =>
      policyJson({
        pricing: {
          table: 'precos',
          rebates: [{ fee_type: 'spread', amount_type: 'percentage', amount }],
          days_to_expiration: 7,
        },
      });
    expect(problemsOf(rebates('100'))).toEqual([]);
    expect(problemsOf(rebates('4.17000001'))).toEqual([]);
    expect(problemsOf(rebates('100.01'))).toMatchObject([{ path: 'pricing.rebates[0].amount' }]);
  });

  it('is read all the same of what was stored before it was refused, as it was written', () => {
    for (const [place, value] of [
      [fees[0], '12.345'],
      [rates[0], finer],
    ] as const) {
      const stored = parseStored(changed(place ?? '', value));
      expect(stored.kind === 'ok' && canonicalPolicy(stored.policy)).toContain(value);
    }
  });
});
