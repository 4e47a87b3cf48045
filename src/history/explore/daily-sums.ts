import { DIMENSIONS, type Dimension, type DimensionName } from './dimensions';
import { SUMS, type SumName } from './measures';
import { factsIn, type Selection } from './selection';

/*
 * The facts of a day are summed by one dimension at a time (table `history_sum`). Whatever asks for no more than that,
 * beside the day, the product and the version, is answered from the sums; the days that have changed since they were
 * summed from the facts. Both are made of the same expressions, so that it makes no difference but of time.
 */

const NAMES = Object.keys(SUMS) as SumName[];
/** What the key of a sum has anyhow: no dimension of its own is needed for it. */
const IN_KEY: readonly DimensionName[] = ['day', 'week', 'month', 'weekday', 'product', 'policy'];
/** Too many values a day to be worth it. */
const NOT_SUMMED: readonly DimensionName[] = ['employer'];
const SUMMED = (Object.keys(DIMENSIONS) as DimensionName[]).filter(
  (name) => !IN_KEY.includes(name) && !NOT_SUMMED.includes(name),
);
const NUMBERS: readonly Dimension['kind'][] = ['hour', 'months', 'count', 'reais', 'rate'];
const dimension = (name: DimensionName): Dimension => DIMENSIONS[name];

/** The sums of one day, as rows of `history_sum`. @param day an expression */
export function sumsOfDay(day: string): string {
  const values = SUMMED.map((name) => `('${name}', (${dimension(name).sql})::text)`);
  return `
    SELECT day, product, policy_version, dimension, value, ${NAMES.map((name) => SUMS[name]).join(', ')}
    FROM history_fact, LATERAL (VALUES ('all', NULL), ${values.join(', ')}) AS seen (dimension, value)
    WHERE day = ${day} GROUP BY day, product, policy_version, dimension, value`;
}

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
  const [inner] = own;
  const isSummed = inner === undefined || (own.length === 1 && SUMMED.includes(inner));
  if (!isSummed || Object.values(others).some((value) => value !== undefined)) return undefined;
  const { rows, parameters } = factsIn({ from, to, product, policy });
  const where = rows.slice('FROM history_fact'.length);
  const and = `${where}${where === '' ? ' WHERE' : ' AND'}`;
  const value = inner === undefined ? 'NULL' : `(${dimension(inner).sql})::text`;
  // As an array: few days, looked up by the index, whatever the planner believes of the table.
  const stale = '(ARRAY(SELECT day FROM history_stale_day))';
  return {
    rows: `FROM (
      SELECT day, product, policy_version, value, ${names.join(', ')} FROM history_sum${and}
        dimension = '${inner ?? 'all'}' AND day <> ALL ${stale}
      UNION ALL
      SELECT day, product, policy_version, ${value} AS value, ${names.map((name) => SUMS[name]).join(', ')}
      FROM history_fact${and} day = ANY ${stale} GROUP BY 1, 2, 3, 4) AS summed`,
    keys: by.map((name) => (name === inner ? valueOf(inner) : dimension(name).sql)),
    parameters,
  };
}

/** In the type that it is sorted by. */
function valueOf(name: DimensionName): string {
  const { kind } = dimension(name);
  if (kind === 'date') return 'value::date';
  return NUMBERS.includes(kind) ? 'value::numeric' : 'value';
}
