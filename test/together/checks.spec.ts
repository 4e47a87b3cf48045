import { resolve } from 'node:path';
import { run } from '../../launcher/processes';

const CHECK_TIMEOUT_MS = 300_000;

/** The type checker is a Go program of some seconds: collecting its garbage was a third of its work. */
const env = { ...process.env, GOGC: 'off', GOMEMLIMIT: '3GiB' };

/** What reads the sources and does not run them. One after the other: each would take a core for itself. */
describe('the sources pass', () => {
  it.each([
    ['the licences of what they stand on', '../scripts/supply-chain.mjs', 'licences'],
    ['the search for secrets', '../scripts/supply-chain.mjs', 'secrets'],
    ['the types and the rules', 'oxlint/bin/oxlint'],
    ['the format', 'oxfmt/bin/oxfmt', '--check'],
    [
      'the boundaries',
      'dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      'src',
      'sandbox',
      'launcher',
    ],
    ['the search for what is unused', 'knip/bin/knip.js'],
  ])(
    '%s',
    async (_, tool, ...args) => {
      const { code, output } = await run(process.execPath, [resolve('node_modules', tool), ...args], { env });
      if (code !== 0) throw new Error(output);
    },
    CHECK_TIMEOUT_MS,
  );
});
