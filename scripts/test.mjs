/**
 * npm test: everything that has to hold before a commit. Four at a time on two cores: most of what talks to processes and
 * browsers waits. Arguments go to jest.
 */
import { availableParallelism } from 'node:os';
import { prepare, runAttached } from './prepare.mjs';

await prepare();
// Each starts services with a dozen connections, and the tests' PostgreSQL has two hundred.
const workers = Math.min(8, availableParallelism() * 2);
process.exit(
  await runAttached(['node_modules/jest/bin/jest.js', `--maxWorkers=${workers}`, ...process.argv.slice(2)], {
    env: { ...process.env, ARREMATE_SPECS_TOGETHER: '1' },
  }),
);
