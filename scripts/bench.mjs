/** npm run bench -- NAME ARGS: one of the measurements in test/bench. Without a name: which there are. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail, prepare, root, runAttached } from './prepare.mjs';

const [name, ...args] = process.argv.slice(2);
const sources = join(root, 'test', 'bench');
const names = existsSync(sources)
  ? readdirSync(sources)
      .filter((file) => file.endsWith('.bench.ts'))
      .map((file) => file.replace(/\.bench\.ts$/, ''))
  : [];
if (!names.includes(name))
  fail(`Usage: npm run bench -- NAME\nMeasurements: ${names.join(', ') || 'none yet'}`);

await prepare();
mkdirSync(join(root, '.data', 'reports'), { recursive: true });
process.exit(await runAttached([`dist/test/bench/${name}.bench.js`, ...args]));
