import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const DIRECTORY = join('src', 'platform', 'migrations');

/** The newest migration of the last release: a release moves it on. What comes after it must run beside that release. */
export const RELEASED = 1_700_000_010_300;

/** The files of the migrations that the last release knows, and of those that came after it, in their order. */
export const releasedMigrations = migrationFiles((number) => number <= RELEASED);
export const newMigrations = migrationFiles((number) => number > RELEASED);

function migrationFiles(isWanted: (number: number) => boolean): readonly string[] {
  const files = readdirSync(DIRECTORY).sort();
  return files.filter((name) => isWanted(Number.parseInt(name, 10))).map((name) => join(DIRECTORY, name));
}
