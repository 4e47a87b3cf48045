import { SLICE } from './daily-sums';
import { sumOf } from './measures';

/*
 * What is counted of each employer, by day and by month (table `history_employer_sum`). A month is always the sum of its days as
 * they are kept there, right or stale: one with a stale day is read by its days. Those of a
 * slice are units too: `month@status:won`.
 */

export const EMPLOYER_SUMS = ['requests', 'bids', 'won', 'asked'] as const;
const columns = EMPLOYER_SUMS.join(', ');

/** What facts add to their employers. @param facts a table @param sign -1 of what is to be taken away */
const ofFacts = (facts: string, sign: string): string => `
  SELECT day, slice, employer_index, ${EMPLOYER_SUMS.map((name) => `${sign} * ${sumOf(name)} AS ${name}`).join(', ')}
  FROM ${facts}, LATERAL (VALUES (''), (${SLICE})) AS slices (slice)
  WHERE product = 'private_payroll' AND employer_index IS NOT NULL GROUP BY 1, 2, 3`;

const adding = (changes: string): string => `
  INSERT INTO history_employer_sum AS kept (unit, start, employer_index, ${columns})
  SELECT unit || slice, start, employer_index, ${EMPLOYER_SUMS.map((name) => `sum(${name})`).join(', ')}
  FROM (${changes}) AS changes,
    LATERAL (VALUES ('day', day), ('month', date_trunc('month', day)::date)) AS units (unit, start)
  GROUP BY 1, 2, 3 HAVING 0 <> ANY (ARRAY[${EMPLOYER_SUMS.map((name) => `sum(${name})`).join(', ')}])
  ON CONFLICT (unit, start, employer_index)
  DO UPDATE SET ${EMPLOYER_SUMS.map((name) => `${name} = kept.${name} + excluded.${name}`).join(', ')}`;

/** Puts in what some facts are now, and takes out what they were. Both are tables. */
export const employersMoved = (now: string, before: string): string =>
  adding(`${ofFacts(now, '1')} UNION ALL ${ofFacts(before, '-1')}`);

/** Of the day and of all its slices: a range, for the index begins with the unit. */
const keptOfDay = (day: string, sign = ''): string => `
  SELECT start AS day, substr(unit, length('day') + 1) AS slice, employer_index,
    ${EMPLOYER_SUMS.map((name) => `${sign}${name}`).join(', ')}
  FROM history_employer_sum WHERE unit >= 'day' AND unit < 'daz' AND start = ${day} AND requests > 0`;

/** Makes the sums of a day, and those of its month, what its facts say. @param day an expression */
export const employersOfDay = (day: string): string =>
  adding(`${ofFacts(`(SELECT * FROM history_fact WHERE day = ${day}) AS fact`, '1')}
    UNION ALL ${keptOfDay(day, '-')}`);

/** The rows of a day as its facts have them, and as they are kept, each as a query. */
export const employersRecounted = (day: string): readonly [fresh: string, kept: string] => [
  ofFacts(`(SELECT * FROM history_fact WHERE day = ${day}) AS fact`, '1'),
  keptOfDay(day),
];

interface WholeDays {
  /** An array of the slices that are added up; of the empty one, all that there is. */
  readonly slices: string;
  /** Expressions: the first whole day, and the one after the last; either may be infinite. */
  readonly from: string;
  readonly before: string;
  /** An array of the days that are counted from the facts. */
  readonly except: string;
  /** What these facts say of each employer: a query of `employer_index` and the sums. */
  readonly fresh: string;
}

/**
 * The employers with the most requests of a period: `most` of them, and how many somebody who is not looked at may have at the
 * most (`beyond`). Of each month, or day of a month that is not whole, so many at the top are looked at (`depth`, null: all):
 * where the last of those returned has no fewer than `beyond`, no other has more.
 */
export function employersWithMost(
  { slices, from, before, except, fresh }: WholeDays,
  most: number,
  depth: number | null,
): string {
  const sums = (of: string): string =>
    EMPLOYER_SUMS.map((name) => `sum(${of}.${name}) AS ${name}`).join(', ');
  const top = `ORDER BY requests DESC LIMIT ${depth === null ? 'ALL' : String(depth)}`;
  const last = depth === null ? '0' : `CASE WHEN count(*) >= ${String(depth)} THEN min(requests) ELSE 0 END`;
  // So few are looked up by their key; without it the planner reads the table whole.
  const one = depth === null ? '' : 'LIMIT 1';
  const kept = (end: 'min' | 'max'): string =>
    `(SELECT ${end}(start) FROM history_employer_sum WHERE unit = 'day')`;
  return `
    WITH days AS MATERIALIZED (
      SELECT day::date AS day, date_trunc('month', day)::date AS month
      -- Nothing kept: no days. greatest() and least() pass over nulls, and a period without an end would have days for ever.
      FROM generate_series(CASE WHEN ${kept('min')} IS NOT NULL THEN greatest(${from}, ${kept('min')})::timestamp END,
        least(${before} - 1, ${kept('max')})::timestamp, '1 day') AS day),
    whole AS MATERIALIZED (
      SELECT month FROM days GROUP BY month
      HAVING min(day) IN (month, ${kept('min')}) AND max(day) IN ((month + interval '1 month')::date - 1, ${kept('max')})
        AND NOT bool_or(day = ANY (${except}))),
    spans AS MATERIALIZED (
      SELECT unit || slice AS unit, start FROM unnest(${slices}::text[]) AS slice, (
        SELECT 'month' AS unit, month AS start FROM whole
        UNION ALL SELECT 'day', day FROM days WHERE month NOT IN (SELECT month FROM whole) AND day <> ALL (${except})) AS plain),
    fresh AS MATERIALIZED (${fresh}),
    tops AS MATERIALIZED (
      SELECT unit, start, most.* FROM spans, LATERAL (SELECT employer_index, requests FROM history_employer_sum AS kept
        WHERE kept.unit = spans.unit AND kept.start = spans.start AND requests > 0 ${top}) AS most
      UNION ALL SELECT * FROM (SELECT 'fresh', NULL::date, employer_index, requests FROM fresh ${top}) AS most),
    wanted AS MATERIALIZED (SELECT DISTINCT employer_index FROM tops),
    counted AS (
      SELECT kept.* FROM wanted, spans, LATERAL (
        SELECT employer_index, ${columns} FROM history_employer_sum AS kept WHERE kept.unit = spans.unit
          AND kept.start = spans.start AND kept.employer_index = wanted.employer_index AND requests > 0 ${one}) AS kept
      UNION ALL SELECT employer_index, ${columns} FROM fresh WHERE employer_index IN (SELECT employer_index FROM wanted))
    SELECT encode(employer_index, 'hex') AS value, ${sums('counted')},
      (SELECT coalesce(sum(least_shown), 0) FROM (SELECT ${last} AS least_shown FROM tops GROUP BY unit, start) AS ends) AS beyond
    FROM counted GROUP BY employer_index ORDER BY sum(counted.requests) DESC, employer_index LIMIT ${String(most)}`;
}
