import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What Node is needed for first: packages that are ES modules, taken with require(). */
const WITHOUT_REQUIRE_OF_ES_MODULES = '--no-experimental-require-module';

const IN_WORDS = '20.19 or newer of 20, or 22.12 or newer';
const engines = (file: string): unknown => {
  const { engines: own, packages } = JSON.parse(readFileSync(file, 'utf8')) as {
    engines?: unknown;
    packages?: Record<string, { engines?: unknown }>;
  };
  return own ?? packages?.['']?.engines;
};

describe('the versions of Node that work', () => {
  it('are named before anything is installed or built by one that does not', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [WITHOUT_REQUIRE_OF_ES_MODULES, 'scripts/prepare.mjs'],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([
      1,
      `Node ${process.version} cannot run this: ${IN_WORDS}, is needed (https://nodejs.org), with require() of ES modules left on.\n`,
    ]);
  });

  it.each(['package.json', 'package-lock.json'])('are in %s', (file) => {
    expect(engines(file)).toEqual({ node: '^20.19 || >=22.12' });
  });

  it.each(['README.md', 'docs/HACKING.md', 'docs/runbooks/start.md'])('are in %s', (file) => {
    expect(readFileSync(file, 'utf8')).toContain(`Node ${IN_WORDS}`);
  });
});
