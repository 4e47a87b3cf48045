/**
 * npm test: everything that has to hold before a commit. The checks run one after the other beside jest, which often
 * waits, and print only when they fail; jest takes longest, so that its summary ends the output. Arguments go to jest.
 */
import { prepare, progress, run, runAttached } from './prepare.mjs';

const tool = (path, ...args) => [`node_modules/${path}`, ...args];
const checks = {
  eslint: tool('eslint/bin/eslint.js', '.'),
  types: tool('typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'),
  'console types': tool('typescript/bin/tsc', '--noEmit', '-p', 'console/tsconfig.json'),
  prettier: tool('prettier/bin/prettier.cjs', '--check', '.'),
  boundaries: tool(
    'dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    'src',
    'sandbox',
    'launcher',
  ),
  unused: tool('knip/bin/knip.js'),
};

await prepare();
const [failed, jest] = await Promise.all([
  runChecks(),
  runAttached([...tool('jest/bin/jest.js', '--maxWorkers=100%'), ...process.argv.slice(2)]),
]);
if (failed.length > 0) progress(`\nFailed beside jest, see above: ${failed.join(', ')}`);
process.exit(failed.length > 0 ? 1 : jest);

async function runChecks() {
  const failures = [];
  for (const [name, command] of Object.entries(checks)) {
    const since = Date.now();
    const { code, output } = await run(process.execPath, command);
    progress(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - since) / 1000).toFixed(1)} s)`);
    if (code === 0) continue;
    failures.push(name);
    progress(output);
  }
  return failures;
}
