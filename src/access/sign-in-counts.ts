import type { EntityManager } from 'typeorm';

/** What is counted: tries without success, until nobody has tried for a while. */
export interface Count {
  readonly failures: number;
  readonly until: Date;
}

/** From when on a count is forgotten that is raised now. */
export interface CountingTimes {
  readonly now: Date;
  readonly until: Date;
}

/** Where counting ends for what only slows down. */
const AT_MOST = 1_000_000;
/** Old counts that each stranger's try clears away: more than it makes. */
const CLEARED_AT_ONCE = 20;

/** One more for each subject. The count that is over `most` stays and ends when it would have: knocking on does not prolong it. */
const raised = (subjects: string, most: string): string => `
  INSERT INTO sign_in_throttle AS known (subject, failures, until)
    SELECT subject, 1, $2::timestamptz FROM ${subjects} ORDER BY subject
  ON CONFLICT (subject) DO UPDATE SET
    failures = CASE WHEN known.until <= $1 THEN 1 ELSE least(known.failures, ${most}) + 1 END,
    until = CASE WHEN known.until > $1 AND known.failures >= ${most} THEN known.until ELSE excluded.until END
  RETURNING subject, failures, until`;

/** Counts a try of one subject. @param most beyond it, counting ends */
export async function countTry(
  manager: EntityManager,
  subject: string,
  { now, until }: CountingTimes,
  most = AT_MOST,
): Promise<Count> {
  const [count] = await manager.query<Count[]>(raised('(VALUES ($3)) AS one (subject)', '$4::integer'), [
    now,
    until,
    subject,
    most,
  ]);
  if (count === undefined) throw new Error('a try was not counted');
  return count;
}

/** What a stranger's try counts for: the name at this address, the name, the address. */
export interface StrangerSubjects {
  readonly here: string;
  readonly name: string;
  readonly address: string;
}

/** Counts a stranger's try. One that is too many `here` does not count for name and address: these stay 0. */
export async function countStranger(
  manager: EntityManager,
  { here, name, address }: StrangerSubjects,
  { now, until }: CountingTimes,
  most: number,
): Promise<{ readonly here: Count; readonly name: number; readonly address: number }> {
  const rows = await manager.query<(Count & { readonly subject: string })[]>(
    `WITH here AS (${raised('(VALUES ($3)) AS one (subject)', '$4::integer')}),
     others AS (${raised(`(SELECT unnest($5::text[]) AS subject, failures FROM here) AS two WHERE failures <= $4`, String(AT_MOST))})
     SELECT * FROM here UNION ALL SELECT * FROM others`,
    [now, until, here, most, [name, address]],
  );
  const counts = new Map(rows.map((row) => [row.subject, row]));
  const own = counts.get(here);
  if (own === undefined) throw new Error('a try was not counted');
  return {
    here: own,
    name: counts.get(name)?.failures ?? 0,
    address: counts.get(address)?.failures ?? 0,
  };
}

/** The person was right after all: what failed of this name at this address no longer counts anywhere. */
export async function takeBack(tx: EntityManager, { here, name, address }: StrangerSubjects): Promise<void> {
  const [[own]] = await tx.query<[{ failures: number }[], number]>(
    `DELETE FROM sign_in_throttle WHERE subject = $1 RETURNING failures`,
    [here],
  );
  await tx.query(
    `WITH others AS MATERIALIZED
       (SELECT subject FROM sign_in_throttle WHERE subject = ANY ($1) ORDER BY subject FOR UPDATE)
     UPDATE sign_in_throttle SET failures = greatest(0, failures - $2) FROM others
     WHERE sign_in_throttle.subject = others.subject`,
    [[name, address], own?.failures ?? 0],
  );
}

export async function forgetCount(manager: EntityManager, subject: string): Promise<void> {
  await manager.query(`DELETE FROM sign_in_throttle WHERE subject = $1`, [subject]);
}

/** Clears away some of what has run out, so that nobody fills the table with names. */
export async function clearOldCounts(manager: EntityManager, now: Date): Promise<void> {
  await manager.query(
    `DELETE FROM sign_in_throttle WHERE subject IN
       (SELECT subject FROM sign_in_throttle WHERE until <= $1 ORDER BY until LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [now, CLEARED_AT_ONCE],
  );
}
