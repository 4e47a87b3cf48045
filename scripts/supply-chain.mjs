/** npm run supply-chain -- [licences|secrets|advisories|sbom|reproducible]: what the product is made of. Without a word: all. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, prepare, progress, root, runNpm } from './prepare.mjs';
import { advisories } from './supply-chain/advisories.mjs';
import { licenceFaults } from './supply-chain/licences.mjs';
import { buildTwice } from './supply-chain/reproducible.mjs';
import { secretsIn } from './supply-chain/secrets.mjs';

const reports = join(root, '.data', 'reports');

/** Each says in one line what it found, or throws with what is wrong. */
const checks = {
  licences() {
    const lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    refuse(licenceFaults(lockfile));
    return `${Object.keys(lockfile.packages).length - 1} packages, every licence allowed`;
  },
  secrets() {
    refuse(secretsIn(root));
    return 'nothing in the tree looks like a secret';
  },
  async advisories() {
    const { answered, why, grave, others } = await advisories();
    if (!answered) {
      progress('!!! THE REGISTRY HAS NOT ANSWERED: nobody has said whether there are advisories !!!');
      return `not checked: ${why}`;
    }
    for (const line of others) progress(`  ${line}`);
    refuse(grave);
    return `none of high severity, ${others.length} of less`;
  },
  async sbom() {
    mkdirSync(reports, { recursive: true });
    const lines = [];
    // What runs, and what the console's files and the build are made of besides.
    for (const [name, ...options] of [['service', '--omit=dev'], ['all']]) {
      const { code, output } = await runNpm([
        'sbom',
        '--sbom-format=cyclonedx',
        '--sbom-type=application',
        '--package-lock-only',
        '--loglevel=error',
        ...options,
      ]);
      if (code !== 0) throw new Error(output);
      const file = join(reports, `sbom-${name}.cdx.json`);
      writeFileSync(file, `${output}\n`);
      lines.push(`${file} (${JSON.parse(output).components.length} components)`);
    }
    return lines.join(', ');
  },
  async reproducible() {
    await prepare();
    const { hash, files, differing } = await buildTwice(root);
    refuse(differing.map((name) => `dist/${name} differs`));
    return `${files} files, twice the same: sha256 ${hash}`;
  },
};

function refuse(faults) {
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

const [wanted] = process.argv.slice(2);
if (wanted !== undefined && !(wanted in checks))
  fail(`Usage: npm run supply-chain -- [${Object.keys(checks).join('|')}]`);
let isWell = true;
for (const name of wanted === undefined ? Object.keys(checks) : [wanted]) {
  try {
    console.log(`${name}: ${await checks[name]()}`);
  } catch (error) {
    isWell = false;
    console.log(`${name}: REFUSED\n${error instanceof Error ? error.message : String(error)}`);
  }
}
process.exit(isWell ? 0 : 1);
