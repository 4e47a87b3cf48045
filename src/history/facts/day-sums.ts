import type { EntityManager } from 'typeorm';
import { SAO_PAULO } from '../../kernel';
import { sumsOfDay } from '../explore/daily-sums';

/** One process after the other: whoever changes facts or sums holds this until the end of its transaction. */
export async function inTurn(tx: EntityManager): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('facts of the history', 0))`);
}

/** A statement that changes facts and returns their days, and says of these that their sums are no longer right. */
export const makingStale = (change: string): string => `
  WITH changed AS (${change} RETURNING day)
  INSERT INTO history_stale_day SELECT DISTINCT day FROM changed ON CONFLICT DO NOTHING`;

/** Sums one day whose sums are not right; not today, which goes on changing. @returns whether there was one */
export async function sumAStaleDay(tx: EntityManager): Promise<boolean> {
  await inTurn(tx);
  const [stale] = await tx.query<{ day: string }[]>(
    `SELECT day::text FROM history_stale_day
     WHERE day < (now() AT TIME ZONE '${SAO_PAULO}')::date ORDER BY day DESC LIMIT 1`,
  );
  if (stale === undefined) return false;
  await tx.query(`DELETE FROM history_sum WHERE day = $1`, [stale.day]);
  await tx.query(`INSERT INTO history_sum ${sumsOfDay('$1::date')}`, [stale.day]);
  await tx.query(`DELETE FROM history_stale_day WHERE day = $1`, [stale.day]);
  return true;
}

/** The sums of a day that are kept, held against its facts. @returns how many rows differ; the day is stale then */
export async function recountSums(tx: EntityManager, day: string): Promise<number> {
  const kept = `SELECT * FROM history_sum WHERE day = $1::date`;
  const fresh = sumsOfDay('$1::date');
  const [row] = await tx.query<{ differ: string }[]>(
    `SELECT count(*) AS differ FROM (((${fresh}) EXCEPT ALL (${kept})) UNION ALL ((${kept}) EXCEPT ALL (${fresh}))) AS odd
     WHERE NOT EXISTS (SELECT FROM history_stale_day WHERE day = $1::date)`,
    [day],
  );
  const differ = Number(row?.differ ?? 0);
  if (differ > 0) await tx.query(`INSERT INTO history_stale_day VALUES ($1) ON CONFLICT DO NOTHING`, [day]);
  return differ;
}
