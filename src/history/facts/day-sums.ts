import type { EntityManager } from 'typeorm';
import { SAO_PAULO } from '../../kernel';
import { daysToSumAnew, SUM_COLUMNS, SUM_KEY, sumsOf } from '../explore/daily-sums';
import { employersMoved, employersOfDay, employersRecounted } from '../explore/employer-sums';
import { KEPT_SUMS } from '../explore/measures';

/** One process after the other: whoever changes facts or sums holds this until the end of its transaction. */
export async function inTurn(tx: EntityManager): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('facts of the history', 0))`);
}

/** Today, as SQL. */
export const TODAY = `(now() AT TIME ZONE '${SAO_PAULO}')::date`;

/** Days whose sums are not right; not today, which goes on changing. */
export const STALE_DAYS = `history_stale_day WHERE day < ${TODAY}`;

/** Of facts that are there: whose days are summed, and right. @param keys a parameter, an array */
export const summedAlready = (keys: string): string => `
  SELECT key FROM history_fact WHERE key = ANY (${keys}::text[]) AND day < ${TODAY}
    AND day <> ALL (ARRAY(SELECT day FROM history_stale_day))`;

/** How a statement that writes facts (`change`: it writes `history_fact AS kept`, without RETURNING) leaves the sums of their days. */
export type Keeping = (change: string, keys: string) => string;

/** It is said of the days that their sums are not right. */
export const makingStale: Keeping = (change) => `
  WITH changed AS (${change} RETURNING kept.day)
  INSERT INTO history_stale_day SELECT DISTINCT day FROM changed ON CONFLICT DO NOTHING`;

/** Adds to the sums that are there. @param sums a query of `SUM_COLUMNS` */
const addingSums = (sums: string): string => `
  INSERT INTO history_sum AS sums (${SUM_COLUMNS}) ${sums}
  ON CONFLICT (${SUM_KEY.join(', ')})
  DO UPDATE SET ${KEPT_SUMS.map((name) => `${name} = sums.${name} + excluded.${name}`).join(', ')}`;

/**
 * For facts of days that are summed already: what they were is taken out of the sums, and what they are put in. Planning such a
 * statement takes some ten milliseconds.
 * @param keys a query of their keys
 */
export const keepingSums: Keeping = (change, keys) => `
  WITH before AS MATERIALIZED (
    SELECT history_fact.* FROM history_fact JOIN (${keys}) AS changing USING (key)),
  changed AS (${change} RETURNING kept.*),
  was AS (SELECT * FROM before WHERE key IN (SELECT key FROM changed)),
  employers AS (${employersMoved('changed', 'was')})
  ${addingSums(
    `SELECT * FROM (${sumsOf(
      `(SELECT 1 AS sign, * FROM changed UNION ALL SELECT -1, * FROM was) AS moved`,
      'sign',
    )}) AS moved WHERE 0 <> ANY (ARRAY[${KEPT_SUMS.join(', ')}])`,
  )}`;

export async function makeStale(tx: EntityManager, day: string): Promise<void> {
  await tx.query(`INSERT INTO history_stale_day VALUES ($1) ON CONFLICT DO NOTHING`, [day]);
}

/** The newest first. */
export async function staleDays(sql: Pick<EntityManager, 'query'>): Promise<readonly string[]> {
  const rows = await sql.query<{ day: string }[]>(`SELECT day::text FROM ${STALE_DAYS} ORDER BY day DESC`);
  return rows.map(({ day }) => day);
}

/**
 * What looks at a whole day takes longer than other statements may, and less than after which the client calls the database
 * away: who does one day after the other would leave the rest then.
 */
const WHOLE_DAY_MS = 25_000;

/** For the rest of the transaction. */
export async function allowWholeDay(tx: EntityManager): Promise<void> {
  await tx.query(`SET LOCAL statement_timeout = ${String(WHOLE_DAY_MS)}`);
}

/** Of 50 microseconds each: far from the end of a statement, however many a day has and however busy the database is. */
const SUMMED_AT_ONCE = 50_000;

/** Sums a day unless somebody else has done so meanwhile. @param atOnce facts whose sums one statement works out */
export async function sumStaleDay(tx: EntityManager, day: string, atOnce = SUMMED_AT_ONCE): Promise<void> {
  await allowWholeDay(tx);
  await inTurn(tx);
  const [stale] = await tx.query<unknown[]>(`SELECT FROM history_stale_day WHERE day = $1`, [day]);
  if (stale !== undefined) await sumDay(tx, day, atOnce);
}

/** Sums a day that a release before has summed without all of what is summed now; one that is stale is going to be anyhow. */
export async function sumDayAnew(tx: EntityManager, day: string): Promise<void> {
  await allowWholeDay(tx);
  await inTurn(tx);
  const [incomplete] = await tx.query<unknown[]>(
    `${daysToSumAnew('day = $1::date')} EXCEPT TABLE history_stale_day`,
    [day],
  );
  if (incomplete !== undefined) await sumDay(tx, day, SUMMED_AT_ONCE);
}

async function sumDay(tx: EntityManager, day: string, atOnce: number): Promise<void> {
  await tx.query(`DELETE FROM history_sum WHERE day = $1`, [day]);
  await sumInParts(tx, day, atOnce, addingSums);
  await tx.query(employersOfDay('$1::date'), [day]);
  await tx.query(`DELETE FROM history_stale_day WHERE day = $1`, [day]);
}

/** @param put the statement that puts a part of the day's sums somewhere, of a query of `SUM_COLUMNS` */
async function sumInParts(
  tx: EntityManager,
  day: string,
  atOnce: number,
  put: (sums: string) => string,
): Promise<void> {
  const [size] = await tx.query<{ parts: number }[]>(
    `SELECT ceil(count(*) / $2::float)::int AS parts FROM ${OF_DAY}`,
    [day, atOnce],
  );
  const parts = size?.parts ?? 0;
  for (let part = 0; part < parts; part += 1)
    await tx.query(put(sumsOf(`${OF_DAY} AND mod(abs(hashtext(key)::bigint), $2) = $3`)), [day, parts, part]);
}

const OF_DAY = 'history_fact WHERE day = $1::date';

/**
 * The sums of a day that are kept, held against its facts. A day that is stale is summed anew anyhow.
 * @param atOnce facts whose sums one statement works out
 * @returns how many rows differ; the day is stale then
 */
export async function recountSums(tx: EntityManager, day: string, atOnce = SUMMED_AT_ONCE): Promise<number> {
  await allowWholeDay(tx);
  const [stale] = await tx.query<unknown[]>(`SELECT FROM history_stale_day WHERE day = $1`, [day]);
  if (stale !== undefined) return 0;
  await tx.query(`CREATE TEMPORARY TABLE recounted_part (LIKE history_sum) ON COMMIT DROP`);
  await sumInParts(tx, day, atOnce, (sums) => `INSERT INTO recounted_part (${SUM_COLUMNS}) ${sums}`);
  const differ =
    (await differing(tx, day, [RECOUNTED, KEPT_OF_DAY])) +
    (await differing(tx, day, employersRecounted('$1::date')));
  if (differ > 0) await makeStale(tx, day);
  return differ;
}

const RECOUNTED = `
  SELECT ${SUM_KEY.join(', ')}, ${KEPT_SUMS.map((name) => `sum(${name})`).join(', ')}
  FROM recounted_part WHERE day = $1::date GROUP BY ${SUM_KEY.join(', ')}`;
const KEPT_OF_DAY = `SELECT ${SUM_COLUMNS} FROM history_sum WHERE day = $1::date AND requests > 0`;

/** Each side is worked out once. */
async function differing(
  tx: EntityManager,
  day: string,
  [fresh, kept]: readonly [string, string],
): Promise<number> {
  const [row] = await tx.query<{ differ: string }[]>(
    `WITH fresh AS MATERIALIZED (${fresh}), kept AS MATERIALIZED (${kept})
     SELECT count(*) AS differ
     FROM ((TABLE fresh EXCEPT ALL TABLE kept) UNION ALL (TABLE kept EXCEPT ALL TABLE fresh)) AS odd`,
    [day],
  );
  return Number(row?.differ ?? 0);
}
