import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { isAlive } from '../../launcher/processes';
import { applyMigrations } from '../../src/platform/apply-migrations';
import { TEST_HOME } from './data-directory';
import { quickDirectory } from './quick-directory';
import { asService, openRun } from './test-database';
import stopPostgres from './stop-postgres';
import { server } from './test-server';

const DIRECTORY = 'arremate-test-';

/** Speed before safety: these data do not outlive the run. */
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };

/**
 * jest's global setup: one PostgreSQL per run (that of DATABASE_URL if it is set, else one of its own) with a
 * template database that has every migration. Test files copy it with createTestDatabase().
 */
export default async function startPostgres(): Promise<void> {
  const given = process.env['DATABASE_URL'];
  if (given === undefined) {
    await removeLeftovers();
    const home = mkdtempSync(join(quickDirectory(), DIRECTORY));
    chmodSync(home, 0o755); // where root has to run PostgreSQL as another user, that user must get in
    writeFileSync(join(home, 'owner'), String(process.pid));
    process.env[TEST_HOME] = home;
    const postgres = await startEmbeddedPostgres(join(home, 'postgres'), { settings });
    server.stop = async () => {
      await postgres.stop();
      rmSync(home, { recursive: true, force: true });
    };
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

/** A run that was killed leaves its server behind: the next one clears it away. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(quickDirectory()).filter((entry) => entry.startsWith(DIRECTORY))) {
    const home = join(quickDirectory(), name);
    try {
      if (isAlive(Number(readFileSync(join(home, 'owner'), 'utf8')))) continue;
    } catch {
      continue; // being made or removed this moment, or another user's
    }
    await stopEmbeddedPostgres(join(home, 'postgres'));
    rmSync(home, { recursive: true, force: true });
  }
}
