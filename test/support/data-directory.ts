import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Set by the global setup: what is made there goes with the run. */
export const TEST_HOME = 'ARREMATE_TEST_HOME';

/** A data directory of one's own, so that no test writes into the developer's. */
export function dataDirectory(): string {
  return throwawayDirectory('arremate-data-');
}

/** An empty directory that goes with the run. */
export function throwawayDirectory(prefix: string): string {
  return mkdtempSync(join(process.env[TEST_HOME] ?? tmpdir(), prefix));
}
