import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { surroundings } from '../support/service-process';

/** As long as a machine that does much else may take; nothing here depends on real time. */
const PATIENCE_MS = 280_000;

async function simulate(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [resolve('dist/test/simulation/simulate.js'), ...args],
    {
      // A server of its own: one that cleans up by itself would not do so at the same moment each time.
      env: surroundings,
      timeout: PATIENCE_MS,
    },
  ).catch((error: unknown) => {
    const { stdout: said } = error as { readonly stdout?: string };
    throw new Error(said ?? '', { cause: error });
  });
  return stdout;
}

describe('the whole service under a seed (docs/adr/simulation.md)', () => {
  it(
    'keeps its promises in 25 rounds of faults, the same ones each time, and takes 2,000 webhooks with mistakes',
    async () => {
      const said = await simulate('--rounds', '1-25', '--short', '--webhooks', '2000', '--twice');
      expect(said).toContain('2000 webhooks with mistakes from seed 1: 0 findings');
      expect(said).toContain('25 rounds from seed 1: 0 findings');
      expect(said).toContain('  the same again');
    },
    PATIENCE_MS,
  );
});
