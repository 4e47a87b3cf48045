import { AUCTION_STATUSES } from '../../auction';
import { dimension, DIMENSIONS, type Dimension, type DimensionName } from './dimensions';
import { ADDENDS, KEPT_SUMS, keptSum, sumOf, type SumName } from './measures';
import { factsIn, type Selection } from './selection';

/*
 * The facts of a day are summed by one dimension at a time, and by the pairs that prices are made of (table
 * `history_sum`). Whatever asks for no more than that,
 * beside the day, the product and the version, is answered from the sums; the days that have changed since they were
 * summed from the facts. Both are made of the same expressions, so that it makes no difference but of time.
 */

/** What the key of a sum has anyhow: no dimension of its own is needed for it. */
const IN_KEY: readonly DimensionName[] = ['day', 'week', 'month', 'weekday', 'product', 'policy'];
/** Too many values a day to be worth it. */
const NOT_SUMMED: readonly DimensionName[] = ['employer'];
const SUMMED = (Object.keys(DIMENSIONS) as DimensionName[]).filter(
  (name) => !IN_KEY.includes(name) && !NOT_SUMMED.includes(name),
);
/** What a price depends on: crossed with each other more than anything else is. */
const CROSSED = ['rate', 'term', 'tenure', 'amount'] as const satisfies readonly DimensionName[];
const PAIRS = CROSSED.flatMap((one, at) => CROSSED.slice(at + 1).map((other) => [one, other] as const));
const NUMBERS: readonly Dimension['kind'][] = ['hour', 'months', 'count', 'reais', 'rate'];

/** What charts alone count by. */
const OF_CHARTS = { installments: 'term', seconds_left: 'floor(seconds_left / 5.0)::int * 5' } as const;
export type SummedDimension = DimensionName | keyof typeof OF_CHARTS | 'all' | 'reasons';

/** By what charts look at the auctions of one status, as they do at all of them. */
const IN_SLICES = ['all', 'rate', 'hour', 'installments', 'tenure', 'seconds_left'] as const;
export type ChartedDimension = (typeof IN_SLICES)[number] | 'reasons';
const OF_STATUS = '@status:';
export const sliceOf = (status: string): string => `${OF_STATUS}${status}`;
/**
 * The slice that a fact is in beside all. What is counted of a slice by a dimension is kept as a dimension of its own,
 * `hour@status:won`.
 */
export const SLICE = `CASE WHEN product = 'private_payroll' THEN '${OF_STATUS}' || status END`;

/** What a fact is counted under, for each dimension; `reasons` aside, of which it may have several. */
const SEEN: ReadonlyMap<string, string> = new Map([
  ['all', 'NULL::text'],
  ...SUMMED.map((name) => [name, textOf([name])] as const),
  ...PAIRS.map((pair) => [pair.join(','), textOf(pair)] as const),
  ...Object.entries(OF_CHARTS).map(([name, sql]) => [name, `(${sql})::text`] as const),
]);
const SEEN_REASONS = 'CASE WHEN reason IS NOT NULL THEN reasons END';
export const SUM_KEY = ['dimension', 'day', 'product', 'policy_version', 'value'] as const;
export const SUM_COLUMNS = [...SUM_KEY, ...KEPT_SUMS].join(', ');

/**
 * The sums of facts, as rows of `history_sum`, its columns in the order of `SUM_COLUMNS`. What a fact adds is worked out once,
 * not once for each dimension.
 * @param facts what stands after FROM, rows of `history_fact`
 * @param sign -1 of what is to be taken away
 */
export function sumsOf(facts: string, sign = '1'): string {
  const names = [...SEEN.keys()];
  const seen = (some: readonly string[]): string =>
    `(VALUES ${some.map((name) => `('${name}', seen${String(names.indexOf(name))})`).join(', ')})`;
  return `
    SELECT ${SUM_KEY.join(', ')}, ${KEPT_SUMS.map((name) => `coalesce(sum(${name}), 0) AS ${name}`).join(', ')}
    FROM (SELECT day, product, policy_version, ${SEEN_REASONS} AS seen_reasons, ${SLICE} AS slice,
        ${[...SEEN.values()].map((value, at) => `${value} AS seen${String(at)}`).join(', ')},
        ${KEPT_SUMS.map((name) => `${sign} * (${ADDENDS[name]}) AS ${name}`).join(', ')}
      FROM ${facts} OFFSET 0) AS fact,
    LATERAL (SELECT * FROM ${seen(names)} AS one (dimension, value)
      UNION ALL SELECT 'reasons', unnest(seen_reasons)
      UNION ALL SELECT dimension || slice, value FROM ${seen(IN_SLICES)} AS one (dimension, value) WHERE slice IS NOT NULL
      UNION ALL SELECT 'reasons' || slice, unnest(seen_reasons) WHERE slice IS NOT NULL) AS seen
    GROUP BY ${SUM_KEY.join(', ')}`;
}

/**
 * The days whose slices are not those of their sums, a query: a release that knows no slices has summed them, or let them follow
 * what came late.
 * @param days a condition on the days that are looked at
 */
export const unslicedDays = (days: string): string => {
  const sums = KEPT_SUMS.join(', ');
  const ofPrivatePayroll = `requests > 0 AND product = 'private_payroll' AND ${days}`;
  const listed = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
  const whole = `SELECT day, policy_version, 'all${OF_STATUS}' || value AS slice, ${sums} FROM history_sum
    WHERE dimension = 'status' AND value IN (${listed(AUCTION_STATUSES)}) AND ${ofPrivatePayroll}`;
  const sliced = `SELECT day, policy_version, dimension, ${sums} FROM history_sum
    WHERE dimension IN (${listed(AUCTION_STATUSES.map((status) => `all${sliceOf(status)}`))}) AND ${ofPrivatePayroll}`;
  return `SELECT DISTINCT day FROM (((${whole}) EXCEPT ALL (${sliced})) UNION ALL ((${sliced}) EXCEPT ALL (${whole}))) AS odd`;
};

/** Beside these the days that a release has summed which did not count all that is counted now. @param days as above */
export const daysToSumAnew = (days: string): string => `
  (${unslicedDays(days)} UNION SELECT day FROM history_sum
   WHERE dimension = 'all' AND requests > 0 AND unanswered_lost IS NULL AND ${days})`;

/** The values that a fact is counted under in one dimension, as rows `seen (value)`. */
export const seenBy = (name: SummedDimension): string =>
  name === 'reasons'
    ? `LATERAL unnest(${SEEN_REASONS}) AS seen (value)`
    : `LATERAL (VALUES (${SEEN.get(name) ?? ''})) AS seen (value)`;

/** FROM and WHERE over `history_sum`'s columns for a question, and its dimensions over them. */
export interface SummedSource {
  readonly rows: string;
  readonly keys: readonly string[];
  readonly parameters: readonly unknown[];
}

/** Undefined for a question that takes the facts themselves. */
export function summedSource(
  by: readonly DimensionName[],
  names: readonly SumName[],
  { from, to, product, policy, ...others }: Selection,
): SummedSource | undefined {
  const own = by.filter((name) => !IN_KEY.includes(name));
  const inner = summedTogether(own);
  if (inner === undefined || Object.values(others).some((value) => value !== undefined)) return undefined;
  const { rows, parameters } = factsIn({ from, to, product, policy });
  const where = rows.slice('FROM history_fact'.length);
  const and = `${where}${where === '' ? ' WHERE' : ' AND'}`;
  // As an array: few days, looked up by the index, whatever the planner believes of the table.
  const stale = '(ARRAY(SELECT day FROM history_stale_day))';
  return {
    rows: `FROM (
      SELECT day, product, policy_version, value, ${names.map((name) => `${keptSum(name)} AS ${name}`).join(', ')} FROM history_sum${and}
        dimension = '${inner.length === 0 ? 'all' : inner.join(',')}' AND requests > 0 AND day <> ALL ${stale}
      UNION ALL
      SELECT day, product, policy_version, ${textOf(inner)} AS value, ${names.map(sumOf).join(', ')}
      FROM history_fact${and} day = ANY ${stale} GROUP BY 1, 2, 3, 4) AS summed`,
    keys: by.map((name) => (inner.includes(name) ? valueOf(inner, name) : dimension(name).sql)),
    parameters,
  };
}

/** The dimensions in the order in which they are summed together; undefined where they are not. */
function summedTogether(own: readonly DimensionName[]): readonly DimensionName[] | undefined {
  const [one] = own;
  if (one === undefined) return [];
  if (own.length === 1) return SUMMED.includes(one) ? own : undefined;
  return PAIRS.find((pair) => pair.every((name) => own.includes(name)));
}

/** The values of dimensions summed together, in one text: of a pair each may be empty, which is not known. */
function textOf(names: readonly DimensionName[]): string {
  const texts = names.map((name) => `(${dimension(name).sql})::text`);
  if (texts.length < 2) return texts[0] ?? 'NULL';
  return texts.map((text) => `coalesce(${text}, '')`).join(` || '|' || `);
}

/** One of them again, in the type that it is sorted by. */
function valueOf(names: readonly DimensionName[], name: DimensionName): string {
  const { kind } = dimension(name);
  const text =
    names.length < 2 ? 'value' : `nullif(split_part(value, '|', ${String(names.indexOf(name) + 1)}), '')`;
  if (kind === 'date') return `(${text})::date`;
  return NUMBERS.includes(kind) ? `(${text})::numeric` : text;
}
