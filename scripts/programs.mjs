/** Programs under test/ that are run by hand: each file NAME.KIND.ts is one. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail, prepare, root, runAttached } from './prepare.mjs';

/** Builds and runs the one that the command line names. Without a name: which there are. */
export async function runProgram(kind) {
  const [name, ...args] = process.argv.slice(2);
  const sources = join(root, 'test', kind);
  const ending = `.${kind}.ts`;
  const names = existsSync(sources)
    ? readdirSync(sources)
        .filter((file) => file.endsWith(ending))
        .map((file) => file.slice(0, -ending.length))
    : [];
  if (!names.includes(name))
    fail(`Usage: npm run ${kind} -- NAME\nThere are: ${names.join(', ') || 'none yet'}`);

  await prepare();
  mkdirSync(join(root, '.data', 'reports'), { recursive: true });
  process.exit(await runAttached([`dist/test/${kind}/${name}.${kind}.js`, ...args]));
}
