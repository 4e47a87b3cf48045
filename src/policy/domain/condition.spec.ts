import { calendarDate, Cpf, Decimal } from '../../kernel';
import { compileCondition, type NamedSets } from './condition';
import type { Condition } from './rule-schema';
import { nothingKnownOf, type Facts } from './fields';

const sets: NamedSets = new Map([
  ['raizes', { label: 'Empregadores bloqueados', has: (value: string) => value === '29113956' }],
]);
const compile = (condition: Condition) => compileCondition(condition, sets);
const facts = (some: Partial<Facts>): Facts => ({ ...nothingKnownOf('private_payroll'), ...some });

describe('each operator below, at and above its operand', () => {
  it.each<[Condition & { op: string }, readonly [boolean, boolean, boolean]]>([
    [{ field: 'tenure_months', op: 'eq', value: 6 }, [false, true, false]],
    [{ field: 'tenure_months', op: 'ne', value: 6 }, [true, false, true]],
    [{ field: 'tenure_months', op: 'lt', value: 6 }, [true, false, false]],
    [{ field: 'tenure_months', op: 'lte', value: 6 }, [true, true, false]],
    [{ field: 'tenure_months', op: 'gt', value: 6 }, [false, false, true]],
    [{ field: 'tenure_months', op: 'gte', value: 6 }, [false, true, true]],
    [{ field: 'tenure_months', op: 'between', value: { from: 6 } }, [false, true, true]],
    [{ field: 'tenure_months', op: 'between', value: { below: 6 } }, [true, false, false]],
    [{ field: 'tenure_months', op: 'between', value: { from: 6, below: 7 } }, [false, true, false]],
  ])('%j', (condition, expected) => {
    const { test } = compile(condition);
    expect([5, 6, 7].map((months) => test(facts({ tenure_months: months })))).toEqual(expected);
    expect(test(facts({}))).toBeUndefined();
  });

  it('orders amounts by value and dates by the calendar', () => {
    const amount = compile({ field: 'margin', op: 'gte', value: '100.50' });
    expect(
      ['100.49', '100.5', '1000'].map((text) => amount.test(facts({ margin: new Decimal(text) }))),
    ).toEqual([false, true, true]);
    const admitted = compile({ field: 'admission_date', op: 'lt', value: '2020-02-29' });
    expect(
      ['2020-02-28', '2020-02-29', '2020-03-01'].map((day) =>
        admitted.test(facts({ admission_date: calendarDate(day) })),
      ),
    ).toEqual([true, false, false]);
  });

  it.each([
    ['in', [true, false]],
    ['not_in', [false, true]],
  ] as const)('%s holds a text against values and against a named list alike', (op, expected) => {
    for (const value of [['29113956'], { list: 'raizes' }]) {
      const { test } = compile({ field: 'employer_root', op, value });
      expect(['29113956', '00000000'].map((root) => test(facts({ employer_root: root })))).toEqual(expected);
      expect(test(facts({}))).toBeUndefined();
    }
  });

  it.each([
    ['any_of', [false, true, true, false]],
    ['none_of', [true, false, false, true]],
    ['only_of', [true, true, false, false]],
  ] as const)('%s holds every code of a list', (op, expected) => {
    const { test } = compile({ field: 'running_leave_codes', op, value: ['01', '03'] });
    const lists = [[], ['01'], ['03', '15'], ['15', '17']];
    expect(lists.map((codes) => test(facts({ running_leave_codes: codes })))).toEqual(expected);
    expect(test(facts({}))).toBeUndefined();
  });
});

describe('what must hold, in words', () => {
  it.each<[Condition, string]>([
    [{ field: 'tenure_months', op: 'gte', value: 6 }, 'no mínimo 6 meses'],
    [{ field: 'tenure_months', op: 'between', value: { from: 6 } }, 'a partir de 6 meses'],
    [{ field: 'offered_rate', op: 'between', value: { below: '0.0249' } }, 'abaixo de 2,49%'],
    [
      { field: 'tenure_months', op: 'between', value: { from: 6, below: 12 } },
      'a partir de 6 meses e abaixo de 12 meses',
    ],
    [{ field: 'employer_root', op: 'in', value: ['29113956'] }, 'um destes: 29113956'],
    [
      { field: 'employer_root', op: 'not_in', value: { list: 'raizes' } },
      'nenhum destes: lista "Empregadores bloqueados"',
    ],
    [{ field: 'running_leave_codes', op: 'only_of', value: ['15', '17'] }, 'somente: 15, 17'],
    [{ field: 'eligible', op: 'eq', value: true }, 'sim'],
    [
      {
        all: [
          { field: 'eligible', op: 'eq', value: true },
          { field: 'tenure_months', op: 'gt', value: 1 },
        ],
      },
      'Elegível segundo a QI: sim e Tempo de casa: mais de 1 mês',
    ],
    [
      {
        any: [
          { field: 'margin', op: 'ne', value: '0' },
          { field: 'tenure_months', op: 'lte', value: 2 },
        ],
      },
      'Margem consignável: diferente de R$ 0,00 ou Tempo de casa: no máximo 2 meses',
    ],
  ])('%j', (condition, words) => {
    expect(compile(condition).required).toBe(words);
  });
});

describe('groups', () => {
  const parts = [
    { field: 'tenure_months', op: 'gte', value: 6 },
    { field: 'eligible', op: 'eq', value: true },
  ] as const;
  const truths = (condition: Condition) =>
    ([5, 6, undefined] as const).map((tenure_months) =>
      ([false, true, undefined] as const).map((eligible) =>
        compile(condition).test(facts({ tenure_months, eligible })),
      ),
    );

  it('all: one false decides, else one unknown does', () => {
    expect(truths({ all: parts })).toEqual([
      [false, false, false],
      [false, true, undefined],
      [false, undefined, undefined],
    ]);
  });
  it('any: one true decides, else one unknown does', () => {
    expect(truths({ any: parts })).toEqual([
      [false, true, undefined],
      [true, true, true],
      [undefined, true, undefined],
    ]);
  });
  it('names what is missing once, and shows every part', () => {
    const { missing, observed, fields } = compile({ any: [...parts, parts[0]] });
    expect(missing(facts({ eligible: true }))).toEqual(['tenure_months']);
    expect(missing(facts({ eligible: true, tenure_months: 6 }))).toEqual([]);
    expect(fields).toEqual(['tenure_months', 'eligible']);
    expect(observed(facts({ eligible: true, tenure_months: 1 }))).toBe(
      'Tempo de casa: 1 mês; Elegível segundo a QI: sim; Tempo de casa: 1 mês',
    );
  });
});

it('shows nobody: a personal fact is masked, in words and when it is missing', () => {
  const { observed, test } = compile({ field: 'borrower_cpf', op: 'in', value: { list: 'raizes' } });
  expect(observed(facts({ borrower_cpf: Cpf.parse('00737823780') }))).not.toContain('00737823780');
  expect(observed(facts({}))).toBe('não informado');
  expect(test(facts({}))).toBeUndefined();
});
