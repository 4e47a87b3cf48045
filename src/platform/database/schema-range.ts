import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { productVersion } from '../product-version';

/** What a migration may say of itself beside TypeORM's own words. */
export interface Migration extends MigrationInterface {
  /**
   * It takes away what the release before still uses, and what its own release does without (docs/HACKING.md). It is
   * applied once no process of an older release runs, and code that does not know it does not start from then on.
   */
  readonly breaksOlderCode?: true;
}

/** This code and this database do not go together: a start that cannot go on. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/** An empty database has none of them: so many are named. */
const NAMED = 3;

/** The number at the end of a migration's name. */
export function numberOf(migrationName: string): number {
  return Number(migrationName.slice(-13));
}

/** The newest migration that this code knows. */
export function newestMigration({ migrations }: Pick<DataSource, 'migrations'>): number {
  return Math.max(...migrations.map((migration) => numberOf(nameOf(migration))));
}

/**
 * This code runs on every schema that has all migrations it knows, but for those that break older code: it does without
 * them. A schema may have newer ones too, unless they say that they break this code.
 * @throws SchemaError naming the migrations that are missing, or those that this code does not know and would have to
 */
export async function assertSchemaFits(dataSource: DataSource): Promise<void> {
  const applied = await appliedMigrations(dataSource);
  assertNothingBreaks(dataSource, applied);
  const names = new Set(applied.map(({ name }) => name));
  const missing = dataSource.migrations.filter((migration) => !names.has(nameOf(migration)));
  const needed = missing.filter(({ breaksOlderCode }: Migration) => breaksOlderCode !== true).map(nameOf);
  if (needed.length === 0) return;
  const others = needed.length > NAMED ? ` and ${needed.length - NAMED} more` : '';
  throw new SchemaError(
    `The database is too old for this release (${release(dataSource)}): it has not ${needed.slice(0, NAMED).join(', ')}${others}. ` +
      'Apply what is missing with npm run migrate (with DATABASE_OWNER_URL, where DATABASE_URL may not), or start without ARREMATE_MIGRATE=0.',
  );
}

export interface AppliedMigration {
  readonly name: string;
  readonly breaks: boolean;
}

/** In the order in which they were applied; none in an empty database. */
export async function appliedMigrations(
  database: Pick<DataSource | QueryRunner, 'query'>,
): Promise<readonly AppliedMigration[]> {
  const [table] = (await database.query(`SELECT to_regclass('migration') IS NOT NULL AS exists`)) as {
    exists: boolean;
  }[];
  if (table?.exists !== true) return [];
  // Read through JSON: schemas from before the column are read too.
  return (await database.query(
    `SELECT name, coalesce((to_jsonb(migration) ->> 'breaks_older_code')::boolean, false) AS breaks
     FROM migration ORDER BY id`,
  )) as AppliedMigration[];
}

/** @throws SchemaError when the schema was changed for newer code in a way that breaks this one */
export function assertNothingBreaks(
  { migrations }: Pick<DataSource, 'migrations'>,
  applied: readonly AppliedMigration[],
): void {
  const known = new Set(migrations.map(nameOf));
  const breaking = applied.filter(({ name, breaks }) => breaks && !known.has(name)).map(({ name }) => name);
  if (breaking.length === 0) return;
  throw new SchemaError(
    `The database is too new for this release (${release({ migrations })}): ${breaking.join(', ')} broke code that does ` +
      'not know it. Start a release that does; to go back to this one, restore a copy of the database from before.',
  );
}

function release(code: Pick<DataSource, 'migrations'>): string {
  return `${productVersion()}, newest migration ${newestMigration(code)}`;
}

function nameOf(migration: MigrationInterface): string {
  return migration.name ?? migration.constructor.name;
}
