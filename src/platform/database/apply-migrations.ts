import { createDataSource } from './data-source';
import type { DatabaseRoles } from './database-address';
import { opened } from './database-refusal';
import { grantToService } from './database-roles';
import { migrate, type MigrationLog } from './migrate';
import { assertSchemaFits } from './schema-range';

/**
 * Brings the schema up to date as its owner, and gives the service's role its rights. Without an owner's address the
 * role does it itself, or finds that somebody else has done it.
 * @returns the names of those applied
 * @throws SchemaError where the role may not change a schema that does not fit
 */
export async function applyMigrations(
  { url, ownerUrl }: DatabaseRoles,
  log: MigrationLog,
): Promise<readonly string[]> {
  if (ownerUrl === undefined) return (await mayChangeSchema(url)) ? migrate(url, log) : [];
  const applied = await migrate(ownerUrl, log);
  if (url !== ownerUrl) await withOne(ownerUrl, (owner) => grantToService(owner, url));
  return applied;
}

function mayChangeSchema(url: string): Promise<boolean> {
  return withOne(url, async (role) => {
    const [found] = await role.query<{ may: boolean | null }[]>(
      `SELECT has_schema_privilege(current_schema(), 'CREATE') AS may`,
    );
    if (found?.may === true) return true;
    await assertSchemaFits(role);
    return false;
  });
}

async function withOne<T>(
  url: string,
  work: (dataSource: ReturnType<typeof createDataSource>) => Promise<T>,
): Promise<T> {
  const dataSource = await opened(createDataSource(url, { poolSize: 1, applicationName: 'arremate-owner' }));
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
