import { z } from 'zod';
import {
  distinct,
  fieldOf,
  id,
  integer,
  rate,
  reporter,
  amount,
  type Context,
  type Scope,
} from './document-parts';
import { fieldDefinition, type FieldName } from './fields';
import { compareScalars, readScalar, scalarOf, type ScalarJson } from './scalars';

/** What rates may be learnt by, and no more: nothing of sex, race, name or place of birth is a field at all. */
export const LEARNING_FEATURES: Readonly<Partial<Record<FieldName, string>>> = {
  employer_root: 'empregador',
  employer_document_type: 'empregador',
  tenure_months: 'tempo de casa',
  offered_installments: 'prazo',
  requested_installments: 'prazo',
  offered_amount: 'valor',
  requested_amount: 'valor',
};
/** Only where the section says so. */
export const AGE: FieldName = 'borrower_age';

const MAX_CUTS = 20;
const RANGED: ReadonlySet<string> = new Set(['amount', 'integer', 'rate', 'date']);

const share = (scope: Scope, minimum: string, maximum: string) =>
  rate(scope).superRefine((text, ctx) => {
    if (Number(text) >= Number(minimum) && Number(text) <= Number(maximum)) return;
    reporter(ctx)(`esperada uma fração de "${minimum}" a "${maximum}"`, [], text);
  });

/** A column that the price table need not have, or finer bands of one that it has. */
function feature(scope: Scope) {
  return z
    .strictObject({ column: fieldOf(scope.product), cuts: z.array(z.unknown()).min(1).max(MAX_CUTS) })
    .transform(({ column, cuts }, ctx) => ({ column, cuts: readCuts(column, cuts, scope, ctx) }));
}

function readCuts(
  column: FieldName,
  cuts: readonly unknown[],
  { stored }: Pick<Scope, 'stored'>,
  ctx: Context,
): readonly ScalarJson[] {
  const report = reporter(ctx, 'cuts');
  if (!RANGED.has(fieldDefinition(column).type)) {
    report(
      'só um campo com faixas tem cortes; listas e códigos ficam nas colunas da tabela de preços',
      [],
      null,
    );
    return [];
  }
  const read: ScalarJson[] = [];
  cuts.forEach((raw, index) => {
    const reading = readScalar(column, raw, stored);
    const before = read.at(-1);
    if (!reading.ok) report(reading.message, [index], raw);
    else if (before === undefined) read.push(reading.value);
    else if (compareScalars(scalarOf(column, before), scalarOf(column, reading.value)) < 0)
      read.push(reading.value);
    else report('os cortes vão do menor ao maior, sem repetir', [index], raw);
  });
  return read;
}

/**
 * The mandate: within what the rates of the table of prices may be learnt from our own wins and losses (docs/winning.md).
 * Basis points are whole and a month. Bids after the limit keep their table.
 */
export function learningSection(scope: Scope) {
  const steps = z.array(integer(1, 30)).min(1).max(3).superRefine(rising);
  return z
    .strictObject({
      enabled: z.boolean(),
      features: z
        .array(feature(scope))
        .max(6)
        .superRefine(distinct((item) => item.column))
        .default([]),
      /** Whether age may be a feature. */
      use_age: z.boolean().default(false),
      /** The rows that may learn; without it all may. */
      rows: z
        .array(id)
        .min(1)
        .max(5000)
        .superRefine(distinct((name) => name))
        .optional(),
      /** How far from the row's own rate it may go. */
      rails: z.strictObject({ below_bp: integer(0, 500), above_bp: integer(0, 500) }),
      /** Rows with a floor and a ceiling of their own instead of the rails. */
      bands: z
        .array(z.strictObject({ row: id, floor: rate(scope), ceiling: rate(scope) }))
        .max(5000)
        .superRefine(distinct((item) => item.row))
        .default([]),
      /** Over break-even. */
      minimum_margin_bp: integer(0, 500),
      /** A row's largest change from one version to the next. */
      speed_limit_bp: integer(1, 100),
      exploration: z.strictObject({
        /** Share of the bids made beside the best rate known. */
        share: share(scope, '0', '0.5'),
        /** Share of the expected margin that this may cost. */
        budget: share(scope, '0', '0.2'),
        steps_bp: steps,
      }),
      /** A version that knows nothing of the last so many days is not bid with. */
      validity_days: integer(1, 30),
      /** Fewer bids of the past than this teach nothing. */
      minimum_bids: integer(50, 1_000_000),
      /** Days that versions only watch, and then days on a part of the traffic. */
      shadow_days: integer(1, 90),
      canary_days: integer(1, 90),
      canary_share: share(scope, '0.01', '0.5'),
      /** Stays on the table for ever. */
      control_share: share(scope, '0.1', '0.5'),
      /** Reais at risk a day, ours in all, up to which learned rates are bid; null: no cap of its own. */
      daily_funding: amount.nullable(),
    })
    .superRefine(({ features, use_age: useAge }, ctx) => {
      features.forEach(({ column }, index) => {
        const problem = strangeFeature(column, useAge);
        if (problem !== undefined) reporter(ctx)(problem, ['features', index, 'column'], column);
      });
    });
}

/** Why rates may not be learnt by a column; undefined when they may. */
export function strangeFeature(column: FieldName, useAge: boolean): string | undefined {
  if (column === AGE) {
    return useAge ? undefined : 'a idade só entra no aprendizado com "use_age": true, que o comitê decide';
  }
  if (LEARNING_FEATURES[column] !== undefined) return undefined;
  return `a taxa não pode ser aprendida por ${column}: só por empregador, tempo de casa, prazo e valor`;
}

function rising(steps: readonly number[], ctx: Context): void {
  steps.forEach((step, index) => {
    if (step > (steps[index - 1] ?? 0)) return;
    reporter(ctx)('os passos vão do menor ao maior, sem repetir', [index], step);
  });
}
