import { Decimal, finished } from '../../kernel';
import {
  A_PRICE_TABLE,
  compiledPolicy,
  DECIDED_ON,
  GOOD_BORROWER,
  policyJson,
} from '../../../test/support/policies';
import { learningPolicy, MANDATE } from '../../../test/support/learning-policies';
import { loadReferenceData } from '../reference-data';
import { checkPolicy } from './check-policy';
import { priceRows } from './compile-policy';
import { canonicalPolicy, parsePolicy } from './policy';

const reference = loadReferenceData('config');
const learning = (changes: object = {}) => {
  const compiled = compiledPolicy(learningPolicy(changes)).learning;
  if (compiled === undefined) throw new Error('nothing is learnt');
  return compiled;
};
const errors = (json: unknown) => {
  const parsed = parsePolicy(json);
  if (parsed.kind === 'invalid') return parsed.problems.map(({ path, message }) => `${path}: ${message}`);
  return finished(checkPolicy(parsed.policy, reference, DECIDED_ON))
    .filter(({ severity }) => severity === 'error')
    .map(({ path, message }) => `${path}: ${message}`);
};

it('a policy without the section is what it was, byte for byte', () => {
  const compiled = compiledPolicy(policyJson());
  expect(compiled.learning).toBeUndefined();
  expect(canonicalPolicy(compiled.policy)).not.toContain('learning');
  expect(compiled.hash).toBe('eb76f5261f4dfd409fa8fdf9697b825633f95bccbf39c0271cda592ea1d76cfb');
});

it('learns nothing where it is switched off', () => {
  expect(compiledPolicy(learningPolicy({ enabled: false })).learning).toBeUndefined();
});

it('has a cell for every combination of bands that a row prices, its terms within the limits', () => {
  const { axes, cells } = learning();
  expect(axes.map(({ column, bands }) => [column, bands.length])).toEqual([
    ['tenure_months', 2],
    ['offered_installments', 3],
    ['offered_amount', 2],
  ]);
  expect(cells).toHaveLength(12);
  // No row prices more than 24 instalments of the newly employed.
  expect(cells.map((cell) => cell?.row)).toEqual([
    ...['novos', 'novos', 'novos', 'novos', undefined, undefined],
    ...['antigos', 'antigos', 'antigos', 'antigos', 'antigos', 'antigos'],
  ]);
  expect(cells[0]).toMatchObject({
    referenceBp: 349,
    floorBp: 319,
    ceilingBp: 399,
    amount: { min: new Decimal(500), max: new Decimal('4999.99') },
    installments: { min: 6, max: 11 },
  });
  expect(cells.at(-1)).toMatchObject({
    amount: { min: new Decimal(5000), max: new Decimal(30_000) },
    installments: { min: 25, max: 48 },
  });
});

it('finds the inputs of a cell by the loss row it lies in', () => {
  const [young, , , , , , old] = learning().cells;
  expect(young?.inputs(DECIDED_ON)?.expectedLossRate).toEqual(new Decimal('0.08'));
  expect(old?.inputs(DECIDED_ON)?.expectedLossRate).toEqual(new Decimal('0.03'));
});

it('keeps a row out that may not learn, and gives another its own band', () => {
  const { cells } = learning({
    rows: ['antigos'],
    bands: [{ row: 'antigos', floor: '0.0240', ceiling: '0.0260' }],
  });
  expect(cells[0]).toMatchObject({ learns: false, floorBp: 349, ceilingBp: 349 });
  expect(cells[6]).toMatchObject({ learns: true, floorBp: 240, ceilingBp: 260 });
});

it('cuts the prices of a request where cells end, alike for the same bands', () => {
  const policy = compiledPolicy(learningPolicy());
  const facts = { ...GOOD_BORROWER, tenure_months: 40 };
  const prices = priceRows(policy, facts);
  if (prices.kind === 'none') throw new Error('no prices');
  const parts = policy.learning?.split(facts, prices.value) ?? [];
  expect(parts.map(({ cell }) => cell)).toEqual([6, 7, 8, 9, 10, 11]);
  expect(parts[1]?.band).toMatchObject({
    installments: { min: 6, max: 11 },
    amount: { min: new Decimal(5000), below: new Decimal('30000.01') },
    monthlyInterestRate: new Decimal('0.0249'),
  });
  expect(policy.learning?.split({ ...facts }, prices.value)).toBe(parts);
  expect(policy.learning?.split({ ...facts, tenure_months: undefined }, prices.value)).toEqual([]);
});

it('another mandate has another hash, and the same cells the same one', () => {
  const [one, other] = [learning(), learning({ speed_limit_bp: 5 })];
  expect(one.mandateHash).not.toBe(other.mandateHash);
  expect(one.segmentsHash).toBe(other.segmentsHash);
  expect(learning({ features: [] }).segmentsHash).not.toBe(one.segmentsHash);
});

it.each([
  ['a feature of the person', { features: [{ column: 'margin', cuts: ['100.00'] }] }, 'só por empregador'],
  ['age without a word for it', { features: [{ column: 'borrower_age', cuts: [30] }] }, 'use_age'],
  ['cuts that fall', { features: [{ column: 'tenure_months', cuts: [12, 6] }] }, 'do menor ao maior'],
  [
    'cuts of a code',
    { features: [{ column: 'employer_root', cuts: ['12345678'] }] },
    'só um campo com faixas',
  ],
  [
    'too many cells',
    {
      features: [
        { column: 'offered_installments', cuts: range(7, 26) },
        { column: 'tenure_months', cuts: range(1, 20) },
      ],
    },
    'no máximo 400',
  ],
  ['no control', { control_share: '0.05' }, 'control_share'],
  ['a row that is not there', { rows: ['velhos'] }, 'não tem a linha velhos'],
  [
    'a band of a row that may not learn',
    { rows: ['novos'], bands: [{ row: 'antigos', floor: '0.02', ceiling: '0.03' }] },
    'não está entre as que podem',
  ],
  [
    'a band beside the rate',
    { bands: [{ row: 'novos', floor: '0.0350', ceiling: '0.04' }] },
    'a taxa da linha novos, 3,49%, fica fora da sua faixa, 3,50% a 4,00%',
  ],
  ['a step twice', { exploration: { ...MANDATE.exploration, steps_bp: [5, 5] } }, 'os passos vão'],
])('refuses %s', (_, changes, expected) => {
  const found = errors(learningPolicy(changes));
  expect(found.join('\n')).toContain(expected);
  expect(found).toHaveLength(1);
});

it('age is a feature where the section switches it on', () => {
  expect(
    errors(learningPolicy({ use_age: true, features: [{ column: 'borrower_age', cuts: [30] }] })),
  ).toEqual([]);
});

it('says which rate is between two steps, and that losses must be told apart too', () => {
  const json = learningPolicy({ features: [] }) as {
    tables: { columns: string[]; rows: { then: object }[] }[];
  };
  const row = json.tables[0]?.rows[0];
  if (row !== undefined) row.then = { monthly_interest_rate: '0.03495' };
  json.tables[1]?.columns.push('requested_amount');
  json.tables[1]?.rows.forEach((each) =>
    Object.assign((each as unknown as { when: object }).when, { requested_amount: 'any' }),
  );
  expect(errors(json)).toEqual([
    expect.stringContaining('a perda muda com Valor solicitado'),
    expect.stringContaining('a linha novos tem a taxa 3,495%'),
  ]);
});

it.each([[undefined], [['antigos']]])('a rate between two steps is an error where %j may learn', (rows) => {
  const json = learningPolicy(rows && { rows }) as { tables: { rows: { then: object }[] }[] };
  const [young] = json.tables[0]?.rows ?? [];
  if (young !== undefined) young.then = { monthly_interest_rate: '0.03495' };
  expect(errors(json)).toEqual([expect.stringContaining('a linha novos tem a taxa 3,495%')]);
});

it('needs economics', () => {
  const { economics: _, ...json } = learningPolicy({}, { tables: [A_PRICE_TABLE] });
  expect(errors(json)).toEqual(['learning: sem a seção economics não há margem a aprender: preencha-a']);
});

function range(from: number, until: number): number[] {
  return Array.from({ length: until - from + 1 }, (_, at) => from + at);
}
