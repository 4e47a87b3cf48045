/** npm run describe-api: writes what the console knows of the API, and the types made from it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, prepare, progress, root, run } from './prepare.mjs';

await prepare();
const { describeApiUnstarted } = await import('../dist/src/api-description.js');
const description = join(root, 'console', 'openapi.json');
writeFileSync(description, `${JSON.stringify(await describeApiUnstarted(), null, 1)}\n`);

const generator = join(root, 'node_modules', 'openapi-typescript', 'bin', 'cli.js');
const { code, output } = await run(process.execPath, [generator, description]);
if (code !== 0) fail(output);
mkdirSync(join(root, 'console', 'src', 'api'), { recursive: true });
writeFileSync(join(root, 'console', 'src', 'api', 'schema.d.ts'), `${output}\n`);
progress('console/openapi.json and console/src/api/schema.d.ts are up to date');
process.exit(0);
