/*
 * What the facts may be looked at by. A closed list: an expression of SQL never comes from outside.
 */

/** How a value of a dimension is to be read. */
export type DimensionKind =
  | 'date'
  | 'hour'
  | 'weekday'
  | 'product'
  | 'status'
  | 'loan'
  | 'policy'
  | 'reason'
  | 'employer'
  /** The first month, term, reais or rate of a band; a band ends where the next begins. */
  | 'months'
  | 'count'
  | 'reais'
  | 'rate'
  | 'row'
  | 'margin'
  | 'bool';

export interface Dimension {
  readonly kind: DimensionKind;
  /** Over a row of `history_fact`. */
  readonly sql: string;
  /** Where the bands begin, where they are fixed: each ends where the next begins, the last does not end. */
  readonly bands?: readonly number[];
}

const TENURE_BANDS = [0, 6, 12, 24, 36, 60, 120] as const;
const TERM_BANDS = [1, 7, 13, 19, 25, 37, 49] as const;
const AMOUNT_BANDS = [0, 1_000, 3_000, 5_000, 10_000, 20_000, 50_000] as const;

/** The first value of the band that a column is in. */
function banded(column: string, bands: readonly number[], scale = 1): string {
  const cases = bands
    .toReversed()
    .map((from) => `WHEN ${column} >= ${String(from * scale)} THEN ${String(from)}`);
  return `CASE ${cases.join(' ')} END`;
}

export const DIMENSIONS = {
  day: { kind: 'date', sql: 'day' },
  week: { kind: 'date', sql: `date_trunc('week', day)::date` },
  month: { kind: 'date', sql: `date_trunc('month', day)::date` },
  weekday: { kind: 'weekday', sql: 'extract(isodow FROM day)::int' },
  hour: { kind: 'hour', sql: 'hour' },
  product: { kind: 'product', sql: 'product' },
  policy: { kind: 'policy', sql: 'policy_version' },
  segment: { kind: 'row', sql: 'loss_row' },
  price_row: { kind: 'row', sql: 'price_row' },
  status: { kind: 'status', sql: 'status' },
  loan: { kind: 'loan', sql: 'loan' },
  reason: { kind: 'reason', sql: 'reason' },
  employer: { kind: 'employer', sql: `encode(employer_index, 'hex')` },
  tenure: { kind: 'months', sql: banded('tenure_months', TENURE_BANDS), bands: TENURE_BANDS },
  term: { kind: 'count', sql: banded('coalesce(term, asked_term)', TERM_BANDS), bands: TERM_BANDS },
  amount: {
    kind: 'reais',
    sql: banded('coalesce(offered, asked)', AMOUNT_BANDS, 100),
    bands: AMOUNT_BANDS,
  },
  /** In steps of 10 basis points, as millionths. */
  rate: { kind: 'rate', sql: 'rate / 1000 * 1000' },
  rank: { kind: 'count', sql: 'rank' },
  margin: { kind: 'margin', sql: 'margin_is' },
  paid_on: { kind: 'date', sql: 'paid_on' },
  paid_month: { kind: 'date', sql: `date_trunc('month', paid_on)::date` },
} as const satisfies Readonly<Record<string, Dimension>>;

export type DimensionName = keyof typeof DIMENSIONS;
export const dimension = (name: DimensionName): Dimension => DIMENSIONS[name];
export const DIMENSION_NAMES = Object.keys(DIMENSIONS) as [DimensionName, ...DimensionName[]];
