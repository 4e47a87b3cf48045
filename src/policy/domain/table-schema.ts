import { z } from 'zod';
import {
  amount,
  distinct,
  fieldOf,
  id,
  label,
  rate,
  reasonCode,
  reporter,
  sentence,
  type Context,
  type Scope,
} from './document-parts';
import type { FieldName } from './fields';
import { readCell, type Cell, type OperandScope, type Report } from './operands';
import { daysToExpiration, fee, installmentCount } from './section-parts';

const MAX_ROWS = 5000;

const row = { id, when: z.record(z.string(), z.unknown()) };
const priceRow = (scope: Scope) =>
  z.strictObject({
    ...row,
    then: z.strictObject({
      monthly_interest_rate: rate(scope),
      rebates: z.array(fee(scope)).max(5).optional(),
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

const eligibilityRow = z.strictObject({
  ...row,
  then: z.strictObject({ decision: z.enum(['allow', 'review', 'decline']) }),
});

const lossRow = (scope: Scope) =>
  z.strictObject({
    ...row,
    then: z.strictObject({
      /** Expected loss as a fraction of the issue amount, in today's money. */
      expected_loss_rate: rate(scope),
      /** Fraction of what is still owed that is paid ahead each month. */
      prepayment_monthly_rate: rate(scope),
    }),
  });

const tableParts = (scope: Scope) => ({
  id,
  label,
  hit: z.enum(['unique', 'first']).default('unique'),
  columns: z
    .array(fieldOf(scope.product))
    .min(1, 'a tabela não tem colunas')
    .max(12)
    .superRefine(distinct((name) => name)),
  no_match: z.strictObject({ code: reasonCode, sentence }),
});
const manyRows = <T extends z.ZodType<{ readonly id: string }>>(schema: T) =>
  z
    .array(schema)
    .min(1, 'a tabela não tem linhas')
    .max(MAX_ROWS)
    .superRefine(distinct((item) => item.id));

/** The kinds of table that a product's section may have. */
export function tableSchema(scope: Scope) {
  return z.discriminatedUnion('kind', [
    priceTable(scope),
    limitsTable(scope),
    eligibilityTable(scope),
    lossTable(scope),
  ]);
}

function priceTable(scope: Scope) {
  const monotone = z.array(
    z.strictObject({ column: fieldOf(scope.product), rate: z.enum(['not_falling', 'not_rising']) }),
  );
  return z
    .strictObject({
      ...tableParts(scope),
      kind: z.literal('price'),
      /** How the rate must move along a column, everything else being equal. */
      monotone: monotone.max(12).default([]),
      rows: manyRows(priceRow(scope)),
    })
    .transform((table, ctx) => ({ ...table, rows: readRows(table.rows, table.columns, scope, ctx) }));
}

function limitsTable(scope: Scope) {
  return z
    .strictObject({ ...tableParts(scope), kind: z.literal('limits'), rows: manyRows(limitsRow) })
    .transform((table, ctx) => ({ ...table, rows: readRows(table.rows, table.columns, scope, ctx) }));
}

/** Who may have a loan, who may not, and about whom a person decides. */
function eligibilityTable(scope: Scope) {
  return z
    .strictObject({
      ...tableParts(scope),
      kind: z.literal('eligibility'),
      /** What is said of whoever a row declines or leaves to a person. */
      reason: z.strictObject({ code: reasonCode, sentence }),
      rows: manyRows(eligibilityRow),
    })
    .transform((table, ctx) => ({ ...table, rows: readRows(table.rows, table.columns, scope, ctx) }));
}

/** What is expected to be lost and prepaid, by segment. It decides nothing: it says what a bid is worth. */
function lossTable(scope: Scope) {
  return z
    .strictObject({ ...tableParts(scope), kind: z.literal('loss'), rows: manyRows(lossRow(scope)) })
    .transform((table, ctx) => ({ ...table, rows: readRows(table.rows, table.columns, scope, ctx) }));
}

interface RawRow<T> {
  readonly id: string;
  readonly when: Readonly<Record<string, unknown>>;
  readonly then: T;
}

function readRows<T>(
  rows: readonly RawRow<T>[],
  columns: readonly FieldName[],
  scope: OperandScope,
  ctx: Context,
): readonly { readonly id: string; readonly when: Readonly<Record<string, Cell>>; readonly then: T }[] {
  return rows.map(({ id: rowId, when, then }, index) => ({
    id: rowId,
    when: readCells(when, columns, scope, reporter(ctx, 'rows', index, 'when')),
    then,
  }));
}

/** One cell for every column, and none for anything else. */
function readCells(
  when: Readonly<Record<string, unknown>>,
  columns: readonly FieldName[],
  scope: OperandScope,
  report: Report,
): Readonly<Record<string, Cell>> {
  for (const name of Object.keys(when)) {
    if (!columns.some((column) => column === name)) report('a tabela não tem esta coluna', [name], null);
  }
  const cells = columns.map((column): [string, Cell] => {
    const below: Report = (message, path, value) => {
      report(message, [column, ...path], value);
    };
    return [column, readCell(column, when[column], scope, below)];
  });
  return Object.fromEntries(cells);
}
