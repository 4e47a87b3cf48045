/**
 * npm test: everything that has to hold before a commit. The quick checks run two at a time and print only
 * when they fail; jest comes last, so that its summary ends the output. Arguments go to jest.
 */
import { availableParallelism } from 'node:os';
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
const failed = await runChecks(Object.entries(checks), availableParallelism());
const jest = await runAttached([...tool('jest/bin/jest.js', '--maxWorkers=100%'), ...process.argv.slice(2)]);
if (failed.length > 0) progress(`\nFailed before jest, see above: ${failed.join(', ')}`);
process.exit(failed.length > 0 ? 1 : jest);

async function runChecks(queue, width) {
  const failures = [];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [name, command] = next;
      const since = Date.now();
      const { code, output } = await run(process.execPath, command);
      progress(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - since) / 1000).toFixed(1)} s)`);
      if (code === 0) continue;
      failures.push(name);
      progress(output);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return failures;
}
