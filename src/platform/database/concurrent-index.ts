import { ForwardOnly, type QueryRunner } from './forward-only';

/**
 * It waits for every transaction that is under way, a long export for one, and holds nobody up meanwhile. After so long
 * the migration begins again.
 */
const PATIENCE_MS = 600_000;

/**
 * An index on a table that has rows, made while everybody goes on reading and writing. For a migration with
 * `transaction = false`, which does nothing else that must not be done twice: cut in the middle, it is run again, and
 * the unfinished index it left is dropped here and made anew.
 * @param index its name, one that no index has had before
 * @param definition what follows the name: `ON auction (ended_at) WHERE ...`
 */
export async function createIndexConcurrently(
  queryRunner: QueryRunner,
  index: string,
  definition: string,
  { unique = false } = {},
): Promise<void> {
  const [present] = (await queryRunner.query(
    `SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)`,
    [index],
  )) as { valid: boolean }[];
  if (present?.valid === true) return;
  await queryRunner.query(`SELECT set_config('lock_timeout', $1, false)`, [String(PATIENCE_MS)]);
  try {
    if (present !== undefined) await queryRunner.query(`DROP INDEX CONCURRENTLY ${index}`);
    await queryRunner.query(`CREATE ${unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY ${index} ${definition}`);
  } finally {
    await queryRunner.query('RESET lock_timeout');
  }
}

type Index = readonly [name: string, definition: string, how?: { readonly unique?: boolean }];

/** A migration that does nothing but make indexes like that. */
export abstract class ConcurrentIndexes extends ForwardOnly {
  readonly transaction = false;
  protected abstract readonly indexes: readonly Index[];

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const index of this.indexes) await createIndexConcurrently(queryRunner, ...index);
  }
}
