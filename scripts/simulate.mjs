/** npm run simulate -- --seed N --hours H: lives of the whole service under a seed (docs/adr/simulation.md). */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root, runAttached } from './prepare.mjs';

await prepare();
mkdirSync(join(root, '.data', 'reports'), { recursive: true });
process.exit(await runAttached(['dist/test/simulation/simulate.js', ...process.argv.slice(2)]));
