/** npm run mutation -- SUBJECT ARGS: how many changes to the code of a subject none of its tests notices. */
import { SUBJECTS } from '../test/mutation/subjects.mjs';
import { fail, prepare, runAttached } from './prepare.mjs';

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(SUBJECTS, name ?? ''))
  fail(`Usage: npm run mutation -- SUBJECT\nThere are: ${Object.keys(SUBJECTS).join(', ')}`);

await prepare();
const stryker = 'node_modules/@stryker-mutator/core/bin/stryker.js';
const env = { ...process.env, MUTATION_SUBJECT: name };
process.exit(await runAttached([stryker, 'run', 'test/mutation/stryker.config.mjs', ...args], { env }));
