import type { EntityManager } from 'typeorm';

/** Of the processes that decide: whether any sends nothing, and whether all do. */
export interface DryRun {
  readonly some: boolean;
  readonly all: boolean;
}

/**
 * Said by the processes that decide: whoever asks may answer requests alone, and its own setting is no answer then.
 * @param own the setting of whoever asks, where none of them lives
 */
export async function readDryRun(sql: Pick<EntityManager, 'query'>, own: boolean): Promise<DryRun> {
  const [said] = await sql.query<Record<keyof DryRun, boolean | null>[]>(
    `SELECT bool_or(dry_run IS TRUE) AS some, bool_and(dry_run IS TRUE) AS all FROM instance
     WHERE role <> 'web' AND instance_is_alive(id)`,
  );
  return { some: said?.some ?? own, all: said?.all ?? own };
}
