import { z } from 'zod';
import { DIMENSION_NAMES, type DimensionName } from './dimensions';
import { MEASURE_NAMES } from './measures';
import { selectionFields } from './selection';
import { wholeNumber } from '../../platform';

export const figure = z.object({
  value: z.string().nullable().describe('exact decimal; null: nothing to divide by'),
  sample: z.int().describe('how many rows it rests on'),
  low: z.number().nullable().describe('95 % confidence, of a share'),
  high: z.number().nullable(),
});
export const compared = z.object({
  a: figure,
  b: figure,
  difference: z.string().nullable().describe('a less b'),
  low: z.number().nullable().describe('95 % confidence, of a difference of shares'),
  high: z.number().nullable(),
  differs: z.boolean().nullable().describe('whether that interval leaves nought out'),
});
const keys = z.array(z.string().nullable()).describe('one for each dimension; an employer is an opaque mark');
const named = z
  .array(z.object({ mark: z.string(), document_number: z.string().nullable() }))
  .describe('the employers among the keys');

const totals = <Of extends z.ZodType>(of: Of) => {
  const along = z.array(z.object({ keys, figures: z.array(of) }));
  return {
    row_totals: along.describe(
      'of two dimensions: each value of the first, over all of the second; else empty',
    ),
    column_totals: along.describe('each value of the second, over all of the first'),
    total: z.array(of),
  };
};

export const pivotView = z.object({
  by: z.array(z.enum(DIMENSION_NAMES)),
  measures: z.array(z.enum(MEASURE_NAMES)),
  rows: z.array(z.object({ keys, figures: z.array(figure) })),
  ...totals(figure),
  employers: named,
});
export const comparisonView = z.object({
  by: z.array(z.enum(DIMENSION_NAMES)),
  measures: z.array(z.enum(MEASURE_NAMES)),
  rows: z.array(z.object({ keys, figures: z.array(compared) })),
  ...totals(compared),
  employers: named,
});

const names = z
  .string()
  .max(300)
  .transform((text) => text.split(',').filter((part) => part !== ''));

/** At most two: a table has rows and columns. */
const by = names
  .pipe(z.array(z.enum(DIMENSION_NAMES)).max(2))
  .default([])
  .describe('up to two dimensions, separated by commas; none: the total');
const measures = names
  .pipe(z.array(z.enum(MEASURE_NAMES)).min(1).max(12))
  .describe('up to twelve measures, separated by commas');

const days = wholeNumber(1, 366).optional().describe('the last days up to today, instead of from and to');
const EITHER = { path: ['days'], message: 'is instead of from and to' };
const isEither = (query: { days?: number | undefined; from?: unknown; to?: unknown }): boolean =>
  query.days === undefined || (query.from === undefined && query.to === undefined);

export const pivotQuery = z.object({ by, measures, ...selectionFields, days }).refine(isEither, EITHER);

/** What a saved view may ask for: nothing that names an employer. */
const { employer: _, ...savedFields } = selectionFields;
export const figuresQuery = z.strictObject({ by, measures, ...savedFields, days }).refine(isEither, EITHER);

const { from, to, policy, ...shared } = selectionFields;
export const comparisonQuery = z.object({
  by,
  measures,
  a_from: from,
  a_to: to,
  a_policy: policy,
  b_from: from,
  b_to: to,
  b_policy: policy,
  ...shared,
});

/** The marks among the keys of rows. */
export function marksIn(
  dimensions: readonly DimensionName[],
  rows: readonly { readonly keys: readonly (string | null)[] }[],
): readonly string[] {
  const at = dimensions.indexOf('employer');
  return at < 0 ? [] : rows.flatMap(({ keys: values }) => values[at] ?? []);
}
