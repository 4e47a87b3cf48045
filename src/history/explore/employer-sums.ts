import { sumOf } from './measures';

/*
 * What is counted of each employer, by day and by month (table `history_employer_sum`). A month is always the sum of its days as
 * they are kept there, right or stale: who reads one leaves out its stale days.
 */

export const EMPLOYER_SUMS = ['requests', 'bids', 'won', 'asked'] as const;
const columns = EMPLOYER_SUMS.join(', ');

/** What facts add to their employers. @param facts what stands after FROM @param sign -1 of what is to be taken away */
const ofFacts = (facts: string, sign: string): string => `
  SELECT day, policy_version, employer_index, ${EMPLOYER_SUMS.map((name) => `${sign} * ${sumOf(name)} AS ${name}`).join(', ')}
  FROM ${facts} GROUP BY 1, 2, 3`;
const COUNTED = `product = 'private_payroll' AND employer_index IS NOT NULL`;

const adding = (changes: string): string => `
  INSERT INTO history_employer_sum AS kept (unit, start, policy_version, employer_index, ${columns})
  SELECT unit, start, policy_version, employer_index, ${EMPLOYER_SUMS.map((name) => `sum(${name})`).join(', ')}
  FROM (${changes}) AS changes,
    LATERAL (VALUES ('day', day), ('month', date_trunc('month', day)::date)) AS units (unit, start)
  GROUP BY 1, 2, 3, 4 HAVING 0 <> ANY (ARRAY[${EMPLOYER_SUMS.map((name) => `sum(${name})`).join(', ')}])
  ON CONFLICT (unit, start, policy_version, employer_index)
  DO UPDATE SET ${EMPLOYER_SUMS.map((name) => `${name} = kept.${name} + excluded.${name}`).join(', ')}`;

/** Puts in what some facts are now, and takes out what they were. Both are what stands after FROM. */
export const employersMoved = (now: string, before: string): string =>
  adding(`${ofFacts(`${now} AND ${COUNTED}`, '1')} UNION ALL ${ofFacts(`${before} AND ${COUNTED}`, '-1')}`);

const keptOfDay = (day: string): string =>
  `FROM history_employer_sum WHERE unit = 'day' AND start = ${day} AND requests > 0`;

/** Makes the sums of a day, and those of its month, what its facts say. @param day an expression */
export const employersOfDay = (day: string): string =>
  adding(`${ofFacts(`history_fact WHERE day = ${day} AND ${COUNTED}`, '1')}
    UNION ALL SELECT start, policy_version, employer_index, ${EMPLOYER_SUMS.map((name) => `-${name}`).join(', ')} ${keptOfDay(day)}`);

/** The rows of a day as its facts have them, and as they are kept, each as a query. */
export const employersRecounted = (day: string): readonly [fresh: string, kept: string] => [
  ofFacts(`history_fact WHERE day = ${day} AND ${COUNTED}`, '1'),
  `SELECT start AS day, policy_version, employer_index, ${columns} ${keptOfDay(day)}`,
];

export interface WholeDays {
  /** Expressions: the first whole day, and the one after the last. */
  readonly from: string;
  readonly before: string;
  /** An array of the days whose sums are not to be used. */
  readonly except: string;
  /** Of `history_employer_sum`, what else is wanted. */
  readonly where: string;
}

/** The employers of whole days: of whole months by the month, less their days that are not to be used. */
export function employersOf({ from, before, except, where }: WholeDays): string {
  const rows = (unit: 'day' | 'month', start: string, sign = ''): string => `
    SELECT employer_index, ${EMPLOYER_SUMS.map((name) => `${sign}${name} AS ${name}`).join(', ')} FROM history_employer_sum
    WHERE unit = '${unit}' AND requests > 0 AND ${start} AND ${where}`;
  const bound = (name: string): string => `(SELECT ${name} FROM months)`;
  const [first, last, [upTo, onFrom]] = [
    bound('first'),
    bound('after_last'),
    [bound('up_to'), bound('on_from')],
  ];
  return `
    WITH ends AS (SELECT ${from} AS from, ${before} AS before),
    whole AS (
      SELECT *, (date_trunc('month', ends.from - 1) + interval '1 month')::date AS first,
        date_trunc('month', ends.before)::date AS after_last FROM ends),
    months AS (
      SELECT *, least(first, whole.before) AS up_to, greatest(after_last, least(first, whole.before)) AS on_from FROM whole)
    ${rows('month', `start >= ${first} AND start < ${last}`)}
    UNION ALL ${rows('day', `start >= ${bound('months.from')} AND start < ${upTo} AND start <> ALL (${except})`)}
    UNION ALL ${rows('day', `start >= ${onFrom} AND start < ${bound('months.before')} AND start <> ALL (${except})`)}
    UNION ALL ${rows('day', `start >= ${first} AND start < ${last} AND start = ANY (${except})`, '-')}`;
}
