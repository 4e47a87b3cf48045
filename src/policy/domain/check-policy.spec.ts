import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { calendarDate, Decimal, finished } from '../../kernel';
import {
  A_PRICE_TABLE,
  A_RULE,
  compiledPolicy,
  DECIDED_ON,
  GOOD_BORROWER,
  policyJson,
  soundPolicy,
} from '../../../test/support/policies';
import { checkPolicy } from './check-policy';
import { priceRows } from './compile-policy';
import { capOn, readReferenceData, type LegalCaps, type ReferenceData } from './reference-data';

const NO_CAPS: LegalCaps = { rateCaps: [], termCaps: [] };
const REFERENCE: ReferenceData = {
  eSocial: {
    leave_reasons: new Map([
      ['15', { name: 'Férias', ended: undefined }],
      ['30', { name: 'Suspensão disciplinar', ended: '2021-07' }],
      ['09', { name: 'Encerrado', ended: 'unknown' }],
    ]),
    termination_reasons: new Map([['01', { name: 'Justa causa', ended: undefined }]]),
  },
  caps: { private_payroll: NO_CAPS, fgts: NO_CAPS, federal_payroll: NO_CAPS },
};
const cap = <T>(maximum: T, validFrom: string, validTo?: string, scope = 'all') => ({
  validFrom: calendarDate(validFrom),
  validTo: validTo === undefined ? undefined : calendarDate(validTo),
  scope,
  maximum,
  exclusive: false,
});
const check = (json: unknown, caps: Partial<LegalCaps> = {}) =>
  finished(
    checkPolicy(
      soundPolicy(json),
      { ...REFERENCE, caps: { ...REFERENCE.caps, private_payroll: { ...NO_CAPS, ...caps } } },
      DECIDED_ON,
    ),
  );
const row = (when: object, rate = '0.03') => ({
  id: 'p',
  when,
  then: { monthly_interest_rate: rate },
});
const table = (columns: readonly string[], rows: readonly object[]) =>
  policyJson({ tables: [{ ...A_PRICE_TABLE, columns, rows }] });

const WHOLE = table(['offered_installments'], [row({ offered_installments: 'any' })]);

describe('codes of eSocial', () => {
  it.each([
    ['known', ['15'], []],
    ['unknown', ['15', '77'], [['error', 'o código 77 não existe no eSocial']]],
    ['ended', ['30'], [['warning', 'o código 30 (Suspensão disciplinar) está encerrado desde 2021-07']]],
    ['ended, nobody knows when', ['09'], [['warning', 'o código 09 (Encerrado) está encerrado']]],
  ])('%s, in a rule and in a list', (_what, codes, expected) => {
    const field = 'running_leave_codes';
    const rules = [{ ...A_RULE, require: { any: [{ field, op: 'none_of', value: codes }] } }];
    const lists = [{ name: 'codigos', of: field, label: 'Códigos', entries: codes }];
    for (const json of [
      { ...WHOLE, rules },
      { ...WHOLE, lists },
    ]) {
      expect(check(json).map(({ severity, message }) => [severity, message])).toEqual(expected);
    }
  });

  it('belong to their own table', () => {
    const require = { field: 'termination_codes', op: 'none_of', value: ['15'] };
    expect(check({ ...WHOLE, rules: [{ ...A_RULE, require }] })).toMatchObject([{ severity: 'error' }]);
  });
});

describe('limits of law', () => {
  const rates = (...caps: LegalCaps['rateCaps']) =>
    check(WHOLE, { rateCaps: caps }).map(({ message }) => message);

  it('hold on the day, and at the cap itself are kept', () => {
    expect(rates(cap(new Decimal('0.0299'), '2026-08-18'))).toEqual([
      'a taxa de 3,00% da linha "p" passa do teto legal de 2,99% ao mês',
    ]);
    expect(rates(cap(new Decimal('0.03'), '2026-08-18'))).toEqual([]);
    expect(rates(cap(new Decimal('0.01'), '2026-08-19'))).toEqual([]);
    expect(rates(cap(new Decimal('0.01'), '2026-01-01', '2026-08-17'))).toEqual([]);
    expect(rates(cap(new Decimal('0.01'), '2026-01-01', '2026-08-18'))).toHaveLength(1);
  });

  it('of a scope that an auction cannot tell apart are not enforced', () => {
    expect(rates(cap(new Decimal('0.01'), '2026-01-01', undefined, 'guaranteed_full_coverage'))).toEqual([]);
  });

  it('give way to the newest in force', () => {
    const [older, newer] = [cap(1, '2020-01-01'), cap(2, '2021-01-01')];
    expect(capOn([newer, older], DECIDED_ON)?.maximum).toBe(2);
    expect(capOn([newer, older], calendarDate('2020-06-01'))?.maximum).toBe(1);
    expect(capOn([newer, older], calendarDate('2019-06-01'))).toBeUndefined();
  });

  it('bind the longest term', () => {
    expect(check(WHOLE, { termCaps: [cap(48, '2026-01-01')] })).toEqual([]);
    expect(check(WHOLE, { termCaps: [cap(47, '2026-01-01')] })).toMatchObject([
      { severity: 'error', path: 'limits.installments.maximum' },
    ]);
  });
});

it('a price of nothing is pointed out: a spreadsheet says 0 of what it has not calculated', () => {
  const at = (rate: string) =>
    check(table(['offered_installments'], [row({ offered_installments: 'any' }, rate)]));
  expect(at('0.0000')).toEqual([
    {
      severity: 'warning',
      path: 'tables[precos].rows[p].then',
      message: 'a taxa da linha "p" é 0,00% ao mês: os empréstimos saem sem juros',
    },
  ]);
  expect(at('0.0001')).toEqual([]);
});

describe('requests without a price', () => {
  it('are described in words', () => {
    const json = table(
      ['tenure_months', 'offered_installments', 'employer_document_type'],
      [
        row({
          tenure_months: { from: 12 },
          offered_installments: { below: 37 },
          employer_document_type: 'any',
        }),
      ],
    );
    expect(check(json).map(({ severity, message }) => [severity, message])).toEqual([
      [
        'warning',
        'sem preço: Tempo de casa: a partir de 0 meses e abaixo de 12 meses; Prazo ofertado: a partir de 6 parcelas e abaixo de 49 parcelas; Tipo de documento do empregador: qualquer valor',
      ],
      [
        'warning',
        'sem preço: Tempo de casa: a partir de 12 meses; Prazo ofertado: a partir de 37 parcelas e abaixo de 49 parcelas; Tipo de documento do empregador: qualquer valor',
      ],
    ]);
  });

  it('in sets name the other values', () => {
    const json = table(['political_exposition'], [row({ political_exposition: ['not_exposed'] })]);
    expect(check(json).map(({ message }) => message)).toEqual(['sem preço: Exposição política: outro valor']);
    const closed = table(['eligible'], [row({ eligible: [true] })]);
    expect(check(closed).map(({ message }) => message)).toEqual(['sem preço: Elegível segundo a QI: não']);
  });

  it('are found exactly when there are any', () => {
    const bound = fc.constantFrom(6, 12, 20, 48, 49);
    const cell = fc.oneof(
      fc.constant('any'),
      bound.map((from) => ({ from })),
      bound.map((below) => ({ below })),
    );
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 1 }), (cells) => {
        const json = table(
          ['offered_installments'],
          cells.map((one, at) => ({ ...row({ offered_installments: one }), id: `r${String(at)}` })),
        );
        const prices = priceRows(compiledPolicy(json), GOOD_BORROWER);
        const bands = prices.kind === 'match' ? prices.value : [];
        const terms = Array.from({ length: 43 }, (_, at) => at + 6);
        const unpriced = terms.some(
          (term) => !bands.some(({ installments: { min, max } }) => min <= term && term <= max),
        );
        expect(check(json).length > 0).toBe(unpriced);
      }),
    );
  });

  it('are counted, not listed, when there are many', () => {
    const rows = Array.from({ length: 60 }, (_, at) => ({
      ...row({ tenure_months: { from: 2 * at + 1, below: 2 * at + 2 } }),
      id: `r${String(at)}`,
    }));
    const messages = check(table(['tenure_months'], rows)).map(({ message }) => message);
    expect(messages).toHaveLength(1); // the holes of one column are one region of many cells
    const grid = Array.from({ length: 8 }, (_, at) => ({
      ...row({
        tenure_months: { from: 2 * at, below: 2 * at + 1 },
        borrower_age: { from: 20 + 2 * at, below: 21 + 2 * at },
      }),
      id: `g${String(at)}`,
    }));
    expect(check(table(['tenure_months', 'borrower_age'], grid)).length).toBeLessThanOrEqual(21);
  });
});

it('a rule whose validity is over is pointed out', () => {
  const rules = [{ ...A_RULE, effective: { until: '2026-08-18' } }];
  expect(check({ ...WHOLE, rules })).toMatchObject([{ severity: 'warning', path: 'rules[idade].effective' }]);
});

it('broken reference tables are an error, not an empty table', () => {
  expect(() => readReferenceData({}, {}, {}, {})).toThrow();
});

it('takes no percentage for a legal limit of rates, which nothing would ever reach', () => {
  const files = ['esocial-codes', 'regulatory-limits', 'fgts', 'federal-payroll'].map(
    (name) => JSON.parse(readFileSync(`config/${name}.json`, 'utf8')) as object,
  );
  const withRate = (rate: string): unknown[] =>
    files.map((file) => JSON.parse(JSON.stringify(file).replaceAll('"0.0199"', `"${rate}"`)) as unknown);
  const [codes, limits, fgts, payroll] = withRate('0.0200');
  expect(() => readReferenceData(codes, limits, fgts, payroll)).not.toThrow();
  for (const rate of ['1.99', '1', '-0.0199']) {
    const [, wrong] = withRate(rate);
    expect(() => readReferenceData(codes, wrong, fgts, payroll)).toThrow(/is 1\.80% a month/);
  }
});
