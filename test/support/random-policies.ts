import fc from 'fast-check';
import { calendarDate, Cpf, Decimal, type CalendarDate } from '../../src/kernel';
import { fieldDefinition, nothingKnownOf, type Facts, type FieldName } from '../../src/policy/domain';
import { exact } from './naive-policy';
import { policyJson, problemsOf } from './policies';

type Json = string | number | boolean;
/** Values of few kinds, so that bounds are hit exactly, repeatedly, and in several spellings. */
const POOLS: Partial<Record<FieldName, readonly Json[]>> = {
  eligible: [true, false],
  borrower_age: [17, 18, 19, 70],
  tenure_months: [-1, 0, 5, 6, 36],
  political_exposition: ['not_exposed', 'exposed', 'former'],
  employer_document_type: ['cnpj', 'cpf'],
  employer_root: ['29113956', '0A000000', '00000000'],
  admission_date: ['2019-12-31', '2020-01-01', '2020-02-29'],
  requested_amount: [
    '0',
    '0.01',
    '100',
    '100.00',
    '100.50',
    '100.5',
    '90071992547409.93',
    '90071992547409.92',
  ],
  margin: ['0', '99.99', '100', '100.01'],
  offered_rate: ['0', '0.0249', '0.02490', '0.024900000000000001', '1'],
};
const CODE_LISTS: Partial<Record<FieldName, readonly string[]>> = {
  running_leave_codes: ['01', '03', '15', '17'],
  termination_codes: ['01', '02'],
};
const SCALARS = Object.keys(POOLS) as FieldName[];
const LISTS = Object.keys(CODE_LISTS) as FieldName[];
const CPFS = ['00737823780', '11144477735'];
export const BLOCKED_CPFS = CPFS.slice(0, 1);

const poolOf = (field: FieldName) => POOLS[field] ?? [];
const isOrdered = (field: FieldName) =>
  ['amount', 'rate', 'integer', 'date'].includes(fieldDefinition(field).type);

/** Distinct in meaning, so that the document has no repeated value. */
const subset = (values: readonly Json[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3, selector: exact });

const range = (field: FieldName) =>
  fc
    .tuple(fc.constantFrom(...poolOf(field)), fc.constantFrom(...poolOf(field)), fc.nat(2))
    .map(([a, b, open]) => {
      const [from, below] = exact(a) < exact(b) ? [a, b] : [b, a];
      if (exact(from) === exact(below) || open === 0) return { from };
      return open === 1 ? { below } : { from, below };
    });

const scalarComparison = fc.constantFrom(...SCALARS).chain((field) => {
  const one = fc.constantFrom(...poolOf(field));
  const type = fieldDefinition(field).type;
  const operators: fc.Arbitrary<{ op: string; value: unknown }>[] = [
    fc.record({ op: fc.constant('eq'), value: one }),
  ];
  if (type !== 'boolean') operators.push(fc.record({ op: fc.constant('ne'), value: one }));
  if (isOrdered(field)) {
    operators.push(fc.record({ op: fc.constantFrom('lt', 'lte', 'gt', 'gte'), value: one }));
    operators.push(fc.record({ op: fc.constant('between'), value: range(field) }));
  }
  if (type === 'code' || type === 'text') {
    operators.push(fc.record({ op: fc.constantFrom('in', 'not_in'), value: subset(poolOf(field)) }));
  }
  return fc.oneof(...operators).map((rest) => ({ field, ...rest }));
});
const listComparison = fc.constantFrom(...LISTS).chain((field) =>
  fc.record({
    field: fc.constant(field),
    op: fc.constantFrom('any_of', 'none_of', 'only_of'),
    value: subset(CODE_LISTS[field] ?? []),
  }),
);
const cpfComparison = fc.record({
  field: fc.constant<FieldName>('borrower_cpf'),
  op: fc.constantFrom('in', 'not_in'),
  value: fc.constant({ list: 'cpfs' }),
});
const comparison = fc.oneof(
  { weight: 6, arbitrary: scalarComparison },
  { weight: 2, arbitrary: listComparison },
  { weight: 1, arbitrary: cpfComparison },
);
const group = fc.array(comparison, { minLength: 1, maxLength: 3 });
const condition = fc.oneof(
  comparison,
  group.map((all) => ({ all })),
  group.map((any) => ({ any })),
);

const rules = fc
  .array(
    fc.record({
      require: condition,
      // A rule that declines may contradict another and be refused; `review` may not, and is evaluated alike.
      severity: fc.constantFrom('review', 'flag'),
      on_missing: fc.constantFrom('decline', 'decline', 'pass'),
      effective: fc.option(
        fc.constantFrom(
          { from: '2026-08-18' },
          { from: '2026-08-19' },
          { until: '2026-08-18' },
          { until: '2026-08-19' },
        ),
        { nil: undefined, freq: 3 },
      ),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((items) =>
    items.map((item, at) => ({ id: `r${at}`, code: `R${at}`, sentence: '{observed}', ...item })),
  );

export const AMOUNTS = ['500', '999.99', '1000', '5000.01', '30000'];
export const TERMS = [6, 12, 13, 48];
const column = fc.constantFrom(...SCALARS.filter((field) => fieldDefinition(field).stage === 'request'));
const cell = (field: FieldName) => {
  if (field === 'offered_amount') return orAny(rangeOf(AMOUNTS));
  if (field === 'offered_installments') return orAny(rangeOf(TERMS));
  return orAny(isOrdered(field) ? range(field) : subset(poolOf(field)));
};
const orAny = (some: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 1, arbitrary: fc.constant('any') }, { weight: 3, arbitrary: some });
function rangeOf(values: readonly Json[]): fc.Arbitrary<unknown> {
  return fc.tuple(fc.nat(values.length - 1), fc.nat(values.length)).map(([a, b]) => {
    const [low, high] = a < b ? [a, b] : [b, a];
    return {
      from: values[Math.min(low, values.length - 2)],
      ...(high > low + 1 ? { below: values[high] } : {}),
    };
  });
}

const table = fc.uniqueArray(column, { minLength: 1, maxLength: 3 }).chain((fields) => {
  const columns: FieldName[] = [...fields, 'offered_installments', 'offered_amount'];
  const cells = fc.record(Object.fromEntries(columns.map((name) => [name, cell(name)])));
  return fc.array(cells, { minLength: 1, maxLength: 7 }).map((rows) => ({
    id: 'precos',
    kind: 'price',
    label: 'Preços',
    hit: 'first',
    columns,
    no_match: { code: 'NO_PRICE', sentence: 'Sem preço.' },
    rows: rows.map((when, at) => ({ id: `p${at}`, when, then: { monthly_interest_rate: `0.0${at + 1}` } })),
  }));
});

/** Sound documents; the list of blocked CPFs is kept outside them. */
export const policyDocuments = fc.record({ rules, table }).map(({ rules: someRules, table: someTable }) => {
  let rows = someTable.rows;
  // Rows that an earlier one hides are refused; leave them out, last first, until the document is sound.
  for (;;) {
    const json = policyJson({
      lists: [{ name: 'cpfs', of: 'borrower_cpf', label: 'CPFs' }],
      rules: someRules,
      tables: [{ ...someTable, rows }],
    });
    const hidden = problemsOf(json).flatMap(
      ({ path }) => /^tables\[0\]\.rows\[(\d+)\]$/.exec(path)?.[1] ?? [],
    );
    if (hidden.length === 0) return json;
    rows = rows.filter((_row, at) => !hidden.includes(String(at)));
  }
});

const NOTHING_KNOWN = nothingKnownOf('private_payroll');

/** Requests over the same values, each fact sometimes missing. */
export const requestFacts: fc.Arbitrary<Facts> = fc
  .record({
    ...Object.fromEntries(
      SCALARS.map((field) => [
        field,
        fc.option(
          fc.constantFrom(...poolOf(field)).map((json) => toFact(field, json)),
          { nil: undefined, freq: 6 },
        ),
      ]),
    ),
    ...Object.fromEntries(
      LISTS.map((field) => [
        field,
        fc.option(fc.subarray([...(CODE_LISTS[field] ?? [])]), { nil: undefined, freq: 6 }),
      ]),
    ),
    borrower_cpf: fc.option(
      fc.constantFrom(...CPFS).map((cpf) => Cpf.parse(cpf)),
      { nil: undefined, freq: 6 },
    ),
  })
  .map((some) => ({ ...NOTHING_KNOWN, ...some }));

function toFact(field: FieldName, json: Json): Decimal | CalendarDate | Json {
  const type = fieldDefinition(field).type;
  if (type === 'amount' || type === 'rate') return new Decimal(String(json));
  return type === 'date' ? calendarDate(String(json)) : json;
}
