import type { EntityManager } from 'typeorm';
import { SAO_PAULO } from '../../kernel';
import { SUM_COLUMNS, SUM_KEY, sumsOf } from '../explore/daily-sums';
import { employersMoved, employersOfDay, employersRecounted } from '../explore/employer-sums';
import { SUM_NAMES } from '../explore/measures';

/** One process after the other: whoever changes facts or sums holds this until the end of its transaction. */
export async function inTurn(tx: EntityManager): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('facts of the history', 0))`);
}

const TODAY = `(now() AT TIME ZONE '${SAO_PAULO}')::date`;

const MENDED = 'key IN (SELECT key FROM mended)';

/**
 * A statement that writes facts, and keeps the sums of their days right. A fact of a day that is summed already takes what it
 * was out of the sums and puts in what it is. Of today, of a day that waits to be summed, and of one to which a fact is added,
 * it is only said that the sums are not right.
 * @param keys a query of the keys of those that may change
 * @param change writes `history_fact AS kept`, without RETURNING
 */
export const keepingSums = (keys: string, change: string): string => `
  WITH before AS MATERIALIZED (
    SELECT history_fact.* FROM history_fact JOIN (${keys}) AS changing USING (key)),
  changed AS (${change} RETURNING kept.*),
  mended AS (
    SELECT key FROM changed JOIN before USING (key)
    WHERE changed.day < ${TODAY} AND changed.day <> ALL (ARRAY(SELECT day FROM history_stale_day))),
  stale AS (
    INSERT INTO history_stale_day SELECT DISTINCT day FROM changed WHERE NOT ${MENDED}
    ON CONFLICT DO NOTHING),
  employers AS (${employersMoved(`changed WHERE ${MENDED}`, `before WHERE ${MENDED}`)})
  INSERT INTO history_sum AS sums (${SUM_COLUMNS})
  SELECT * FROM (${sumsOf(
    `(SELECT 1 AS sign, * FROM changed UNION ALL SELECT -1, * FROM before) AS moved WHERE ${MENDED}`,
    'sign',
  )}) AS moved WHERE 0 <> ANY (ARRAY[${SUM_NAMES.join(', ')}])
  ON CONFLICT (${SUM_KEY.join(', ')})
  DO UPDATE SET ${SUM_NAMES.map((name) => `${name} = sums.${name} + excluded.${name}`).join(', ')}`;

export async function makeStale(tx: EntityManager, day: string): Promise<void> {
  await tx.query(`INSERT INTO history_stale_day VALUES ($1) ON CONFLICT DO NOTHING`, [day]);
}

/** Sums one day whose sums are not right; not today, which goes on changing. @returns whether there was one */
export async function sumAStaleDay(tx: EntityManager): Promise<boolean> {
  await inTurn(tx);
  const [stale] = await tx.query<{ day: string }[]>(
    `SELECT day::text FROM history_stale_day WHERE day < ${TODAY} ORDER BY day DESC LIMIT 1`,
  );
  if (stale === undefined) return false;
  await tx.query(`DELETE FROM history_sum WHERE day = $1`, [stale.day]);
  await tx.query(`INSERT INTO history_sum (${SUM_COLUMNS}) ${sumsOf(OF_DAY)}`, [stale.day]);
  await tx.query(employersOfDay('$1::date'), [stale.day]);
  await tx.query(`DELETE FROM history_stale_day WHERE day = $1`, [stale.day]);
  return true;
}

const OF_DAY = 'history_fact WHERE day = $1::date';

/** The sums of a day that are kept, held against its facts. @returns how many rows differ; the day is stale then */
export async function recountSums(tx: EntityManager, day: string): Promise<number> {
  const kept = `SELECT ${SUM_COLUMNS} FROM history_sum WHERE day = $1::date AND requests > 0`;
  const differ =
    (await differing(tx, day, [sumsOf(OF_DAY), kept])) +
    (await differing(tx, day, employersRecounted('$1::date')));
  if (differ > 0) await makeStale(tx, day);
  return differ;
}

async function differing(
  tx: EntityManager,
  day: string,
  [fresh, kept]: readonly [string, string],
): Promise<number> {
  const [row] = await tx.query<{ differ: string }[]>(
    `SELECT count(*) AS differ FROM (((${fresh}) EXCEPT ALL (${kept})) UNION ALL ((${kept}) EXCEPT ALL (${fresh}))) AS odd
     WHERE NOT EXISTS (SELECT FROM history_stale_day WHERE day = $1::date)`,
    [day],
  );
  return Number(row?.differ ?? 0);
}
