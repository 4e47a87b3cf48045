import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../launcher/embedded-postgres';
import { isAlive } from '../../launcher/processes';
import { quickDirectory } from './quick-directory';

/** A server whose data do not outlive the run, in a directory of its own. */
export interface ThrowawayPostgres {
  readonly url: string;
  readonly home: string;
  /** Stops it and removes everything. */
  remove(): Promise<void>;
}

const OWNER = 'owner';

/**
 * Starts one. A run that was killed leaves its server behind: the next one of the same name clears it away first.
 *
 * @param name of what it is for: the directory's begins with it
 * @param settings lines of postgresql.conf
 */
export async function startThrowawayPostgres(
  name: string,
  settings: Readonly<Record<string, string>>,
): Promise<ThrowawayPostgres> {
  await removeLeftovers(`${name}-`);
  const home = mkdtempSync(join(quickDirectory(), `${name}-`));
  chmodSync(home, 0o755); // where root has to run PostgreSQL as another user, that user must get in
  writeFileSync(join(home, OWNER), String(process.pid));
  const postgres = await startEmbeddedPostgres(join(home, 'postgres'), { settings });
  return {
    url: postgres.url,
    home,
    remove: async () => {
      await postgres.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function removeLeftovers(prefix: string): Promise<void> {
  for (const name of readdirSync(quickDirectory()).filter((entry) => entry.startsWith(prefix))) {
    const home = join(quickDirectory(), name);
    try {
      if (isAlive(Number(readFileSync(join(home, OWNER), 'utf8')))) continue;
    } catch {
      continue; // being made or removed this moment, or another user's
    }
    await stopEmbeddedPostgres(join(home, 'postgres'));
    rmSync(home, { recursive: true, force: true });
  }
}
