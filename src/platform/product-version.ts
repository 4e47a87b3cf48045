import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SHOWN = 8;

/** Which product runs: its version and, where it was built here, the first letters of the hash of its sources. */
export function productVersion(root = process.cwd()): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const sources = join(root, 'dist', '.sources');
  return existsSync(sources) ? `${version}+${readFileSync(sources, 'utf8').slice(0, SHOWN)}` : version;
}
