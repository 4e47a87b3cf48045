import { z } from 'zod';
import { Decimal } from '../../kernel';
import { readCel } from './cel';
import {
  amount,
  atMostPlaces,
  date,
  decimal,
  distinct,
  field,
  id,
  integer,
  label,
  operator,
  ptBr,
  rate,
  reasonCode,
  reporter,
  sentence,
  type Context,
} from './document-parts';
import { fieldDefinition, isFieldName, type FieldName } from './fields';
import {
  readCell,
  readOperand,
  readValues,
  type Cell,
  type DeclaredLists,
  type Operand,
  type Report,
} from './operands';
import type { Operator } from './operators';
import { readScalar, type ScalarJson } from './scalars';

/** One field held against one operand: what must be so. */
export interface Comparison {
  readonly field: FieldName;
  readonly op: Operator;
  readonly value: Operand;
}
/** What must hold of a request or an offer. Groups do not nest: a deeper thought deserves a derived field. */
export type Condition =
  | Comparison
  | { readonly all: readonly Comparison[] }
  | { readonly any: readonly Comparison[] }
  /** The way out for what the operators cannot say: a restricted expression, pointed out to the approver. */
  | { readonly cel: string };

const MAX_RULES = 500;
const MAX_ROWS = 5000;
const MAX_GROUP = 20;
const MAX_EXPRESSION = 500;
const MAX_TEST_CASES = 1000;

const list = z
  .strictObject({ name: id, of: field, label, entries: z.array(z.unknown()).max(10_000).optional() })
  .transform(({ entries, ...rest }, ctx) => {
    if (entries === undefined) return rest;
    const report = reporter(ctx, 'entries');
    if (fieldDefinition(rest.of).personal === true && entries.length > 0) {
      report(
        'dados pessoais não podem ficar na política: mantenha a lista fora dela (sem "entries")',
        [],
        null,
      );
      return rest;
    }
    return { ...rest, entries: readValues(rest.of, entries, report).map(String) };
  });

function condition(lists: DeclaredLists) {
  const comparison = z
    .strictObject({ field, op: operator, value: z.unknown() })
    .transform(({ field: name, op, value }, ctx): Comparison => {
      return { field: name, op, value: readOperand(name, op, value, lists, reporter(ctx, 'value')) };
    });
  const group = z.array(comparison).min(1, 'o grupo está vazio').max(MAX_GROUP);
  const shapes = {
    all: z.strictObject({ all: group }),
    any: z.strictObject({ any: group }),
    cel: z.strictObject({
      cel: z.string().trim().superRefine(checkCel),
    }),
  };
  return z.unknown().transform((raw, ctx): Condition => {
    const keys = typeof raw === 'object' && raw !== null ? Object.keys(raw) : [];
    const kind = (['all', 'any', 'cel'] as const).find((key) => keys.includes(key));
    const shape = kind === undefined ? comparison : shapes[kind];
    const parsed = shape.safeParse(raw, ptBr);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) reporter(ctx)(issue.message, issue.path.filter(isKey), raw);
    return z.NEVER;
  });
}
function checkCel(text: string, ctx: Context): void {
  const reading = text.length > MAX_EXPRESSION ? undefined : readCel(text);
  if (reading === undefined)
    reporter(ctx)(`a expressão tem mais de ${String(MAX_EXPRESSION)} letras`, [], null);
  else if (!reading.ok) reporter(ctx)(reading.message, [], text);
}
const isKey = (key: PropertyKey): key is string | number => typeof key !== 'symbol';

function rule(lists: DeclaredLists) {
  return z.strictObject({
    id,
    code: reasonCode,
    sentence,
    require: condition(lists),
    severity: z.enum(['decline', 'review', 'flag']).default('decline'),
    on_missing: z.enum(['decline', 'pass']).default('decline'),
    effective: z.strictObject({ from: date.optional(), until: date.optional() }).optional(),
  });
}

const rebate = z.strictObject({
  fee_type: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'esperado um tipo de tarifa da QI, como spread'),
  amount_type: z.enum(['percentage', 'absolute']),
  amount: decimal('esperado um número em texto: pontos percentuais ("4.17") ou reais', atMostPlaces(8)),
});
const daysToExpiration = integer(1, 60);
const installmentCount = integer(1, 144);

const row = { id, when: z.record(z.string(), z.unknown()) };
const priceRow = z.strictObject({
  ...row,
  then: z.strictObject({
    monthly_interest_rate: rate,
    rebates: z.array(rebate).max(5).optional(),
    days_to_expiration: daysToExpiration.optional(),
  }),
});
const limitsRow = z.strictObject({
  ...row,
  then: z.strictObject({
    minimum_amount: amount.optional(),
    maximum_amount: amount.optional(),
    minimum_installments: installmentCount.optional(),
    maximum_installments: installmentCount.optional(),
  }),
});

const tableParts = {
  id,
  label,
  hit: z.enum(['unique', 'first']).default('unique'),
  columns: z
    .array(field)
    .min(1, 'a tabela não tem colunas')
    .max(12)
    .superRefine(distinct((name) => name)),
  no_match: z.strictObject({ code: reasonCode, sentence }),
};
const manyRows = <T extends z.ZodType<{ readonly id: string }>>(schema: T) =>
  z
    .array(schema)
    .min(1, 'a tabela não tem linhas')
    .max(MAX_ROWS)
    .superRefine(distinct((item) => item.id));

function priceTable(lists: DeclaredLists) {
  const monotone = z.array(z.strictObject({ column: field, rate: z.enum(['not_falling', 'not_rising']) }));
  return z
    .strictObject({
      ...tableParts,
      kind: z.literal('price'),
      /** How the rate must move along a column, everything else being equal. */
      monotone: monotone.max(12).default([]),
      rows: manyRows(priceRow),
    })
    .transform((table, ctx) => ({ ...table, rows: readRows(table.rows, table.columns, lists, ctx) }));
}

function limitsTable(lists: DeclaredLists) {
  return z
    .strictObject({ ...tableParts, kind: z.literal('limits'), rows: manyRows(limitsRow) })
    .transform((table, ctx) => ({ ...table, rows: readRows(table.rows, table.columns, lists, ctx) }));
}

interface RawRow<T> {
  readonly id: string;
  readonly when: Readonly<Record<string, unknown>>;
  readonly then: T;
}

function readRows<T>(
  rows: readonly RawRow<T>[],
  columns: readonly FieldName[],
  lists: DeclaredLists,
  ctx: Context,
): readonly { readonly id: string; readonly when: Readonly<Record<string, Cell>>; readonly then: T }[] {
  return rows.map(({ id: rowId, when, then }, index) => ({
    id: rowId,
    when: readCells(when, columns, lists, reporter(ctx, 'rows', index, 'when')),
    then,
  }));
}

/** One cell for every column, and none for anything else. */
function readCells(
  when: Readonly<Record<string, unknown>>,
  columns: readonly FieldName[],
  lists: DeclaredLists,
  report: Report,
): Readonly<Record<string, Cell>> {
  for (const name of Object.keys(when)) {
    if (!columns.some((column) => column === name)) report('a tabela não tem esta coluna', [name], null);
  }
  const cells = columns.map((column): [string, Cell] => {
    const below: Report = (message, path, value) => {
      report(message, [column, ...path], value);
    };
    return [column, readCell(column, when[column], lists, below)];
  });
  return Object.fromEntries(cells);
}

/** What the rest of a document may refer to; read first, so that one pass reports every problem. */
export interface Declarations {
  readonly lists: DeclaredLists;
  readonly tables: ReadonlyMap<string, string>;
}

function tableReference(kind: 'price' | 'limits', { tables }: Declarations) {
  return id.superRefine((name, ctx) => {
    if (tables.get(name) !== kind) reporter(ctx)(`não há tabela do tipo ${kind} com este nome`, [], name);
  });
}

function notReversed(
  { minimum, maximum }: { readonly minimum: string | number; readonly maximum: string | number },
  ctx: Context,
): void {
  if (new Decimal(minimum).gt(maximum)) reporter(ctx)('o mínimo é maior que o máximo', ['maximum'], maximum);
}

function limits(declared: Declarations) {
  return z.strictObject({
    amount: z.strictObject({ minimum: amount, maximum: amount }).superRefine(notReversed),
    installments: z
      .strictObject({ minimum: installmentCount, maximum: installmentCount })
      .superRefine(notReversed),
    /** Below this margin, in reais, nothing is offered. */
    minimum_margin: amount,
    /** A table that narrows the ranges above by segment. */
    table: tableReference('limits', declared).optional(),
  });
}

const cap = amount.nullable();
const pace = integer(1, 10_000_000).nullable();
const score = integer(0, 1000);

const testCase = z.strictObject({
  name: label,
  /** Another case whose facts this one starts from. */
  like: label.optional(),
  on: date,
  window: z.enum(['on_time', 'late']).default('on_time'),
  facts: z.record(z.string(), z.unknown()).transform((facts, ctx) => {
    const report = reporter(ctx);
    return Object.fromEntries(
      Object.entries(facts).map(([name, raw]) => [name, readFactJson(name, raw, report)]),
    );
  }),
  expect: z.strictObject({
    outcome: z.enum(['accept', 'review', 'decline']),
    reasons: z.array(z.string()).default([]),
    row: id.optional(),
  }),
});

/** A fact of a test case in its one written form; null takes away what another case gave. */
function readFactJson(name: string, raw: unknown, report: Report): FactJson {
  if (!isFieldName(name)) report('este campo não existe no dicionário', [name], null);
  else if (raw === null) return null;
  else if (fieldDefinition(name).type === 'code_list') {
    const below: Report = (message, path, value) => {
      report(message, [name, ...path], value);
    };
    if (Array.isArray(raw)) return readValues(name, raw, below).map(String);
    below('esperada uma lista de códigos', [], raw);
  } else {
    const reading = readScalar(name, raw);
    if (reading.ok) return reading.value;
    report(reading.message, [name], raw);
  }
  return null;
}
export type FactJson = ScalarJson | readonly string[] | null;

/** The shape of a policy document, given what it declares. docs/policy.md explains every part. */
export function policySchema(declared: Declarations) {
  const { lists } = declared;
  return z.strictObject({
    format: integer(1, 1),
    name: label,
    description: z.string().max(4000).default(''),
    lists: z
      .array(list)
      .max(100)
      .superRefine(distinct((item) => item.name))
      .default([]),
    rules: z
      .array(rule(lists))
      .min(1, 'a política não tem regras')
      .max(MAX_RULES)
      .superRefine(distinct((item) => item.id)),
    tables: z
      .array(z.discriminatedUnion('kind', [priceTable(lists), limitsTable(lists)]))
      .max(20)
      .superRefine(distinct((item) => item.id)),
    limits: limits(declared),
    pricing: z.strictObject({
      table: tableReference('price', declared),
      rebates: z.array(rebate).max(5),
      days_to_expiration: daysToExpiration,
    }),
    fitting: z.strictObject({
      strategies: z
        .array(z.enum(['keep_amount', 'keep_installment', 'max_amount', 'decline']))
        .min(1)
        .superRefine(distinct((name) => name)),
      /** Reais kept free below the margin, against differences between QI's arithmetic and ours. */
      safety_tolerance: amount,
    }),
    late_bidding: z.discriminatedUnion('enabled', [
      z.strictObject({ enabled: z.literal(false) }),
      z.strictObject({
        enabled: z.literal(true),
        limits: limits(declared),
        table: tableReference('price', declared),
      }),
    ]),
    exposure: z.strictObject({ per_borrower: cap, per_employer: cap, per_day: cap, total: cap }),
    pacing: z.strictObject({ bids_per_minute: pace, bids_per_hour: pace, bids_per_day: pace }),
    authorization: z.strictObject({
      mode: z.enum(['automatic', 'manual']),
      minimum_face_validation_score: score,
      minimum_document_face_match_score: score,
      required_liveness: z.string().regex(/^[a-z_]{1,40}$/),
      reject_fraud_flag: z.boolean(),
      /** Share of automatic authorisations that a person looks at all the same. */
      sampled_share: rate,
    }),
    test_cases: z
      .array(testCase)
      .max(MAX_TEST_CASES)
      .superRefine(distinct((item) => item.name))
      .default([]),
  });
}

/** A policy as written, every part read and typed, every number in its one written form. */
export type PolicyDocument = z.output<ReturnType<typeof policySchema>>;
export type Rule = PolicyDocument['rules'][number];
export type Table = PolicyDocument['tables'][number];
export type PriceTable = Extract<Table, { kind: 'price' }>;
export type LimitsTable = Extract<Table, { kind: 'limits' }>;
export type PolicyTestCase = PolicyDocument['test_cases'][number];
export type BiddingWindow = PolicyTestCase['window'];

export function isPriceTable(table: Table): table is PriceTable {
  return table.kind === 'price';
}
export function isLimitsTable(table: Table): table is LimitsTable {
  return table.kind === 'limits';
}

/** The comparisons a condition is made of; none can be told of an expression. */
export function comparisonsIn(require: Condition): readonly Comparison[] {
  if ('all' in require) return require.all;
  if ('any' in require) return require.any;
  return 'cel' in require ? [] : [require];
}

/** The lists whose values stand in the document. */
export function inlineLists({
  lists,
}: Pick<PolicyDocument, 'lists'>): ReadonlyMap<string, readonly string[]> {
  return new Map(lists.flatMap((item) => ('entries' in item ? [[item.name, item.entries]] : [])));
}
