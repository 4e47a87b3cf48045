import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { surroundings } from '../support/service-process';

/** As long as a machine that does much else may take; nothing here depends on real time. */
const PATIENCE_MS = 280_000;

/** @returns what it said; what it found wrong is said too */
async function simulate(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [resolve('dist/test/simulation/simulate.js'), ...args],
    // A server of its own: in one that cleans up by itself, no two lives would be the same.
    { env: surroundings, timeout: PATIENCE_MS },
  ).catch((error: unknown) => error as { readonly stdout: string });
  return stdout;
}

describe('the whole service under a seed (docs/adr/simulation.md)', () => {
  let said: string;
  beforeAll(async () => {
    said = await simulate('--rounds', '1-25', '--short', '--twice');
  }, PATIENCE_MS);

  it('keeps its promises in 25 rounds of faults of every kind', () => {
    expect(said).toContain('25 rounds from seed 1: 0 findings');
  });

  it('is the same life when it is played again', () => {
    expect(said).toContain('  the same again');
  });
});
