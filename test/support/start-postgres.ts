import { applyMigrations } from '../../src/platform/database/apply-migrations';
import { TEST_HOME } from './data-directory';
import { asService, openRun } from './test-database';
import stopPostgres from './stop-postgres';
import { server } from './test-server';
import { startThrowawayPostgres } from './throwaway-postgres';

/** Speed before safety: these data do not outlive the run. A password is asked for thousands of times. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  scram_iterations: '1',
};

/**
 * jest's global setup: one PostgreSQL per run (that of DATABASE_URL if it is set, else one of its own) with a
 * template database that has every migration. Test files copy it with createTestDatabase().
 */
export default async function startPostgres(): Promise<void> {
  const given = process.env['DATABASE_URL'];
  if (given === undefined) {
    const postgres = await startThrowawayPostgres('arremate-test', settings);
    process.env[TEST_HOME] = postgres.home;
    server.stop = () => postgres.remove();
    await migrateTemplate(postgres.url);
  } else {
    await migrateTemplate(given);
  }
}

async function migrateTemplate(url: string): Promise<void> {
  try {
    const { templateUrl } = await openRun(url);
    const log = { info: () => undefined, warn: console.warn };
    await applyMigrations({ url: asService(templateUrl), ownerUrl: templateUrl }, log);
  } catch (error) {
    await stopPostgres(); // jest tears down only what was set up whole
    throw error;
  }
}
