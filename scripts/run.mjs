/**
 * node scripts/run.mjs [--database] NAME ARGS: a command of dist/src/cli.js, on fresh sources. --database says
 * that it needs one: the embedded PostgreSQL is started for it unless it runs or DATABASE_URL is set.
 */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { prepare, root, runAttached } from './prepare.mjs';

/** Whose arguments may be files. What others are given is a key, a reason or a question, also where a file is called so. */
const TAKES_FILES = ['quote', 'policy', 'conformance'];

const args = process.argv.slice(2);
const isMarked = args[0] === '--database';
if (isMarked) args.shift();
const needsDatabase = isMarked || (args[0] === 'policy' && ['backtest', 'replay'].includes(args[1]));

await prepare();
const { openCommand } = await import('../dist/launcher/command.js');
const command = await openCommand(root, process.env, needsDatabase);
let code;
try {
  const meant = TAKES_FILES.includes(args[0]) ? args.map(asTheCallerMeantIt) : args;
  code = await runAttached(['dist/src/cli.js', ...meant], { env: command.environment });
} finally {
  await command.close();
}
process.exit(code);

/** npm runs us in the project's directory; a file is named from where the caller stands. */
function asTheCallerMeantIt(argument) {
  const file = resolve(process.env.INIT_CWD ?? root, argument);
  return isFile(file) ? file : argument;
}

/** False also for what the system takes for no name at all, such as one that is too long. */
function isFile(path) {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
