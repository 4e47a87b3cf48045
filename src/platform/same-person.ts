import type { EntityManager } from 'typeorm';

/** Whether an actor, or the person who answers for that token, is behind one of these too: no second pair of eyes. */
export async function isSamePerson(
  sql: Pick<EntityManager, 'query'>,
  actor: string,
  others: readonly string[],
): Promise<boolean> {
  const [row] = await sql.query<{ is_same: boolean }[]>(`SELECT is_same_person($1, $2) AS is_same`, [
    actor,
    others,
  ]);
  return row?.is_same === true;
}
