import { calendarDate, Decimal, finished } from '../../kernel';
import {
  A_PRICE_TABLE,
  A_RULE,
  compiledPolicy,
  federalPayrollJson,
  fgtsJson,
  policyJson,
  problemsOf,
  soundPolicy,
} from '../../../test/support/policies';
import { structuralChanges } from './change-level';
import { checkPolicy } from './check-policy';
import { productPolicy } from './compile-policy';
import { CsvReader, writeCsv } from './csv';
import { diffPolicies } from './diff-policies';
import type { Facts } from './fields';
import { canonicalPolicy, parseStored, policyHash } from './policy';
import type { LegalCaps } from './reference-data';
import { reasonsOf } from './rule';
import { findTable } from './sections';
import { importSheet, sheetOf } from './table-sheet';
import { runPolicyTests } from './test-cases';

const ON = calendarDate('2026-11-27');
const withFgts = (changes: Readonly<Record<string, unknown>> = {}, rest: object = {}) =>
  policyJson({ products: { fgts: fgtsJson(changes) }, ...rest });
const withSiape = (changes: Readonly<Record<string, unknown>> = {}) =>
  policyJson({ products: { federal_payroll: federalPayrollJson(changes) } });
const paths = (json: unknown) => problemsOf(json).map(({ path }) => path);
const hashOf = (json: unknown) => policyHash(soundPolicy(json), new Map());

describe('a document without products', () => {
  const CASE = {
    name: 'a',
    on: '2026-01-01',
    facts: { borrower_age: 30 },
    expect: { outcome: 'accept' },
  };

  it('has the hash that it had before there were any', () => {
    expect(hashOf(policyJson())).toBe('eb76f5261f4dfd409fa8fdf9697b825633f95bccbf39c0271cda592ea1d76cfb');
    expect(hashOf(policyJson({ test_cases: [CASE] }))).toBe(
      '5da5f04e8456b4c8d7c29ecb1d16bc9609bd2e2e4afd87a25a91c810c00ee508',
    );
  });

  it('is the same with the parts written out that mean nothing', () => {
    const test_cases = [{ ...CASE, product: 'private_payroll' }];
    expect(hashOf(policyJson({ products: {}, test_cases }))).toBe(hashOf(policyJson({ test_cases: [CASE] })));
  });

  it('decides about none of them', () => {
    expect(productPolicy(compiledPolicy(policyJson()), 'fgts')).toBeUndefined();
  });
});

describe('fields of another product', () => {
  const rule = (require: unknown, sentence = 'x') => [{ ...A_RULE, require, sentence }];
  const margin = { field: 'margin', op: 'gte', value: '1' };

  it.each<[string, Record<string, unknown>, string]>([
    ['a rule', { rules: rule(margin) }, 'rules[0].require.field'],
    ['a part of a group', { rules: rule({ any: [margin] }) }, 'rules[0].require.any[0].field'],
    ['an expression', { rules: rule({ cel: 'margin >= decimal("1")' }) }, 'rules[0].require.cel'],
    ['a sentence', { rules: rule(A_RULE.require, '{margin}') }, 'rules[0].sentence'],
    ['a column', { tables: [{ ...A_PRICE_TABLE, columns: ['margin'] }] }, 'tables[0].columns[0]'],
  ])('in %s are a problem', (_where, changes, path) => {
    expect(paths(withFgts(changes))).toContain(`products.fgts.${path}`);
  });

  it('are named, with whose they are', () => {
    const [problem] = problemsOf(withFgts({ rules: rule(margin) }));
    expect(problem?.message).toBe(
      'o campo margin é de Consignado privado e SIAPE, e não existe em FGTS saque-aniversário',
    );
    const [other] = problemsOf(
      policyJson({ rules: rule({ field: 'available_periods', op: 'gte', value: 1 }) }),
    );
    expect(other?.message).toContain('available_periods é de FGTS saque-aniversário');
  });

  it('in a test case as well', () => {
    const one = { name: 'a', product: 'fgts', on: '2026-11-27', expect: { outcome: 'accept' } };
    expect(paths(withFgts({}, { test_cases: [{ ...one, facts: { margin: '1' } }] }))).toEqual([
      'test_cases[0].facts.margin',
    ]);
  });
});

describe('a section is read as the document itself is', () => {
  it('refers to its own tables only', () => {
    const { pricing } = fgtsJson() as { pricing: { fee_tables: object[] } };
    const [first] = pricing.fee_tables;
    const other = { ...pricing, fee_tables: [{ ...first, table: 'precos-de-outro' }] };
    const tables = [{ ...A_PRICE_TABLE, id: 'precos-de-outro', columns: ['tenure_months'] }];
    expect(paths(withFgts({ pricing: other }, { tables: [A_PRICE_TABLE, ...tables] }))).toContain(
      'products.fgts.pricing.fee_tables[0].table',
    );
  });

  it('has its overlaps, contradictions and unused tables found', () => {
    const overlapping = {
      ...A_PRICE_TABLE,
      columns: ['offered_periods'],
      rows: ['a', 'b'].map((id) => ({ ...A_PRICE_TABLE.rows[0], id, when: { offered_periods: 'any' } })),
    };
    const { tables } = fgtsJson() as { tables: object[] };
    expect(paths(withFgts({ tables: [overlapping, tables[1]] }))).toEqual([
      'products.fgts.tables[0].rows[1]',
    ]);
    const young = { ...A_RULE, id: 'b', require: { field: 'borrower_age', op: 'lt', value: 18 } };
    expect(paths(withFgts({ rules: [A_RULE, young] }))).toEqual(['products.fgts.rules[1].require']);
    expect(
      paths(
        withFgts({
          tables: [...tables, { ...overlapping, id: 'c', hit: 'first', rows: overlapping.rows.slice(0, 1) }],
        }),
      ),
    ).toEqual(['products.fgts.tables[2]']);
  });

  it.each([
    ['an unknown product', { products: { payday: {} } }, 'products'],
    [
      'a fee table without a price',
      { products: { fgts: fgtsJson({ pricing: { fee_tables: [], days_to_expiration: 7 } }) } },
      'products.fgts.pricing.fee_tables',
    ],
    [
      'a snapshot of no age',
      {
        products: {
          fgts: fgtsJson({ settings: { snapshot_max_age_hours: 0, disbursement_business_days: 1 } }),
        },
      },
      'products.fgts.settings.snapshot_max_age_hours',
    ],
  ])('refuses %s', (_what, changes, path) => {
    expect(paths(policyJson(changes))).toContain(path);
  });
});

describe('the checker', () => {
  const NONE: LegalCaps = { rateCaps: [], termCaps: [] };
  const eSocial = { leave_reasons: new Map(), termination_reasons: new Map() };
  const cap = <T>(maximum: T, exclusive = false) => ({
    validFrom: calendarDate('2026-01-01'),
    validTo: undefined,
    scope: 'all',
    maximum,
    exclusive,
  });
  const check = (json: unknown, caps: Partial<Record<'fgts' | 'federal_payroll', LegalCaps>> = {}) =>
    finished(
      checkPolicy(
        soundPolicy(json),
        { eSocial, caps: { private_payroll: NONE, fgts: NONE, federal_payroll: NONE, ...caps } },
        ON,
      ),
    ).filter(({ path }) => path.startsWith('products.'));

  it('finds prices that are missing, by the words of the product', () => {
    expect(check(withFgts())).toEqual([
      {
        severity: 'warning',
        path: 'products.fgts.tables[com-tarifa]',
        message: 'sem preço: Valor ofertado: a partir de R$ 75,00 e abaixo de R$ 500,00',
      },
    ]);
  });

  it('keeps an exclusive cap at the cap itself, and the others above it', () => {
    const rateCaps = (maximum: string, exclusive: boolean) => ({
      fgts: { ...NONE, rateCaps: [cap(new Decimal(maximum), exclusive)] },
    });
    const errors = (maximum: string, exclusive: boolean) =>
      check(withFgts(), rateCaps(maximum, exclusive)).filter(({ severity }) => severity === 'error');
    expect(errors('0.0179', false)).toEqual([]);
    expect(errors('0.0179', true)).toEqual([
      {
        severity: 'error',
        path: 'products.fgts.tables[precos].rows[um].then',
        message: 'a taxa de 1,79% da linha "um" não fica abaixo do teto legal de 1,79% ao mês',
      },
    ]);
    expect(errors('0.0180', true)).toEqual([]);
  });

  it('counts withdrawals as instalments', () => {
    const errors = check(withFgts(), { fgts: { ...NONE, termCaps: [cap(3)] } });
    expect(errors).toContainEqual({
      severity: 'error',
      path: 'products.fgts.limits.installments.maximum',
      message: 'o prazo de 5 saques passa do teto legal de 3',
    });
  });
});

describe('changes', () => {
  const changed = (changes: Readonly<Record<string, unknown>>) =>
    diffPolicies(soundPolicy(withFgts()), soundPolicy(withFgts(changes)));

  it('are told by cell, and a limit is a value', () => {
    const limits = {
      amount: { minimum: '80.00', maximum: '1500.00' },
      installments: { minimum: 1, maximum: 5 },
    };
    const changes = changed({ limits });
    expect(changes).toEqual([
      { path: 'products.fgts.limits.amount.minimum', kind: 'changed', before: '75', after: '80' },
    ]);
    expect(structuralChanges(changes)).toEqual([]);
  });

  it('of rules, settings and whole sections are structure', () => {
    expect(structuralChanges(changed({ rules: [A_RULE] }))).not.toEqual([]);
    const settings = { snapshot_max_age_hours: 48, disbursement_business_days: 1 };
    expect(structuralChanges(changed({ settings }))).toHaveLength(1);
    expect(structuralChanges(diffPolicies(soundPolicy(policyJson()), soundPolicy(withFgts())))).toHaveLength(
      1,
    );
  });
});

describe('a table as a sheet', () => {
  const address = { product: 'fgts', table: 'precos' } as const;
  const sheet = () => {
    const table = findTable(soundPolicy(withFgts()), address);
    return table === undefined ? [] : sheetOf(table);
  };

  it('goes out and comes back into its own section', () => {
    const imported = finished(
      importSheet(withFgts(), address, new CsvReader().take(Buffer.from(writeCsv(sheet())))),
    );
    expect(imported.kind === 'ok' && imported.policy).toEqual(soundPolicy(withFgts()));
    expect(findTable(soundPolicy(withFgts()), { ...address, product: 'federal_payroll' })).toBeUndefined();
  });

  it('has its wrong cells named', () => {
    const wrong = sheet().map((row, at) => (at === 2 ? row.with(2, '1,75%') : row));
    expect(finished(importSheet(withFgts(), address, wrong))).toMatchObject({ problems: [{ cell: 'C3' }] });
    expect(finished(importSheet(policyJson(), address, sheet()))).toMatchObject({ kind: 'invalid' });
  });

  it('of eligibility has the decision as its only output', () => {
    const situations = { product: 'federal_payroll', table: 'situacoes' } as const;
    const table = findTable(soundPolicy(withSiape()), situations);
    const rows = table === undefined ? [] : sheetOf(table);
    expect(rows[0]).toEqual(['linha', 'functional_situation', 'decision']);
    const imported = finished(importSheet(withSiape(), situations, rows));
    expect(imported.kind === 'ok' && imported.policy).toEqual(soundPolicy(withSiape()));
  });
});

describe('a functional situation with a zero at the left, which no fact has', () => {
  const blocked = (codes: readonly string[]) => {
    const block = {
      id: 'situacao_bloqueada',
      code: 'SITUATION',
      sentence: 'Situação {functional_situation}.',
      require: { field: 'functional_situation', op: 'not_in', value: codes },
    };
    return policyJson({ products: { federal_payroll: federalPayrollJson({ rules: [block] }) } });
  };

  it('is refused where it is written, in those words', () => {
    expect(problemsOf(blocked(['12', '1']))).toEqual([]);
    expect(problemsOf(blocked(['012', '1']))).toEqual([
      {
        path: 'products.federal_payroll.rules[0].require.value[0]',
        message: expect.stringContaining('sem zeros à esquerda') as string,
        value: '012',
      },
    ]);
  });

  it.each(['functional_situation != "01"', '!(functional_situation in ["12", "01"])'])(
    'is refused in an expression too: %s',
    (cel) => {
      const rule = { ...A_RULE, id: 'cel', code: 'SITUATION', require: { cel } };
      const json = policyJson({ products: { federal_payroll: federalPayrollJson({ rules: [rule] }) } });
      expect(problemsOf(json)).toMatchObject([
        {
          path: 'products.federal_payroll.rules[0].require.cel',
          message: expect.stringContaining('"01" não serve para functional_situation') as string,
        },
      ]);
      expect(parseStored(json).kind).toBe('ok');
    },
  );

  it('is read all the same of what was stored before it was refused', () => {
    const stored = parseStored(blocked(['012', '1']));
    expect(stored.kind === 'ok' && canonicalPolicy(stored.policy)).toContain('"012"');
  });
});

describe('a table of who may have a loan', () => {
  const siape = productPolicy(compiledPolicy(withSiape()), 'federal_payroll');
  const reasons = (facts: Facts) =>
    reasonsOf(
      (siape?.rules.request ?? [])
        .map((rule) => rule.evaluate(facts))
        .filter(({ ruleId }) => ruleId === 'tables.situacoes'),
    ).map(({ code, severity, message }) => [code, severity, message]);

  it.each<[string | undefined, unknown]>([
    ['1', []],
    ['12', [['SITUATION', 'review', 'Situação 12.']]],
    ['66', [['SITUATION', 'decline', 'Situação 66.']]],
    ['99', [['SITUATION_UNKNOWN', 'decline', 'Situação sem linha.']]],
    [
      undefined,
      [['DATA_MISSING:functional_situation', 'decline', 'Dado ausente ou ilegível: Situação funcional.']],
    ],
  ])('says of situation %s', (functional_situation, expected) => {
    expect(reasons({ functional_situation })).toEqual(expected);
  });

  it('stands in private payroll too', () => {
    const table = {
      id: 'exposicao',
      kind: 'eligibility',
      label: 'Exposição',
      columns: ['political_exposition'],
      reason: { code: 'EXPOSED', sentence: 'Exposta.' },
      no_match: { code: 'EXPOSED', sentence: 'Exposta.' },
      rows: [{ id: 'nao', when: { political_exposition: ['not_exposed'] }, then: { decision: 'allow' } }],
    };
    const one = (political_exposition: string, outcome: string) => ({
      name: political_exposition,
      on: '2026-11-27',
      facts: { political_exposition, borrower_age: 30, tenure_months: 20, margin: '1' },
      expect: { outcome, ...(outcome === 'decline' && { reasons: ['EXPOSED'] }) },
    });
    const test_cases = [one('not_exposed', 'accept'), one('exposed', 'decline')];
    const results = runPolicyTests(
      compiledPolicy(policyJson({ tables: [A_PRICE_TABLE, table], test_cases })),
    );
    expect(results.map(({ passed }) => passed)).toEqual([true, true]);
  });
});

describe('test cases', () => {
  const BASE = {
    name: 'base',
    product: 'fgts',
    on: '2026-11-27',
    facts: { borrower_age: 30, reference_age_hours: 1, requested_amount: '600', available_periods: 3 },
    expect: { outcome: 'accept', row: 'mais' },
  };
  const run = (...cases: object[]) =>
    runPolicyTests(compiledPolicy(withFgts({}, { test_cases: [BASE, ...cases] }))).map(
      ({ passed }) => passed,
    );
  const like = (facts: object, expect: object) => ({ ...BASE, name: 'v', like: 'base', facts, expect });

  it.each<[string, object]>([
    ['the other fee table', like({}, { outcome: 'accept', fee_table: 'tarifa', row: 'alto' })],
    [
      'an old snapshot',
      like({ reference_age_hours: 25 }, { outcome: 'decline', reasons: ['SNAPSHOT_TOO_OLD'] }),
    ],
    [
      'an offer',
      like({ offered_monthly_cet: '0.04' }, { outcome: 'decline', reasons: ['CET_ABOVE_MAXIMUM'] }),
    ],
    [
      'the row of an offer',
      like(
        { offered_amount: '90', offered_periods: 1, offered_monthly_cet: '0.02' },
        { outcome: 'accept', row: 'um' },
      ),
    ],
  ])('pass when they expect what comes: %s', (_what, one) => {
    expect(run(one)).toEqual([true, true]);
  });

  it.each<[string, object, string]>([
    [
      'starts from another product',
      { ...like({}, { outcome: 'accept' }), product: 'private_payroll' },
      'like',
    ],
    ['is late', { ...like({}, { outcome: 'accept' }), window: 'late' }, 'window'],
    ['names an unknown fee table', like({}, { outcome: 'accept', fee_table: 'x' }), 'expect.fee_table'],
    [
      'expects what only auctions say',
      like({}, { outcome: 'decline', reasons: ['LATE_BIDDING_OFF'] }),
      'expect.reasons[0]',
    ],
    [
      'is of a product without a section',
      { ...BASE, name: 'v', product: 'federal_payroll', facts: {} },
      'product',
    ],
  ])('are refused when one %s', (_what, one, path) => {
    expect(paths(withFgts({}, { test_cases: [BASE, one] }))).toEqual([`test_cases[1].${path}`]);
  });
});
