import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

/** The scripts are no part of what jest compiles: a process of their own says what they find. */
function said(module: string, expression: string): unknown {
  const file = JSON.stringify(resolve('scripts/supply-chain', module));
  const program = `import * as it from ${file}; console.log(JSON.stringify(${expression}));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program]).toString());
}

describe('what the product is made of', () => {
  it('a package is refused for its licence, or for none, unless it is named with a reason', () => {
    const lockfile = {
      packages: {
        '': { license: 'MIT' },
        'node_modules/good': { license: '(MIT OR GPL-3.0)' },
        'node_modules/both': { license: 'Apache-2.0 AND MIT' },
        'node_modules/a/node_modules/copyleft': { license: 'GPL-3.0' },
        'node_modules/half': { license: 'MIT AND GPL-3.0' },
        'node_modules/tangled': { license: '(MIT OR GPL-3.0) AND GPL-3.0' },
        'node_modules/silent': {},
        'node_modules/named-linux-x64': { license: 'MPL-2.0' },
      },
    };
    const rules = { allowed: ['MIT', 'Apache-2.0'], exceptions: { named: 'tests only', gone: 'once' } };
    expect(
      said('licences.mjs', `it.licenceFaults(${JSON.stringify(lockfile)}, ${JSON.stringify(rules)})`),
    ).toEqual([
      'copyleft: GPL-3.0',
      'half: MIT AND GPL-3.0',
      'tangled: (MIT OR GPL-3.0) AND GPL-3.0',
      'silent: says no licence',
      'gone: an exception that nothing needs',
    ]);
  });

  it('a secret is found by its look, named by its place, and not printed', () => {
    const root = mkdtempSync(join(tmpdir(), 'arremate-secrets-'));
    try {
      const key = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ');
      const aws = ['AKIA', 'ABCDEFGHIJKLMNOP'].join('');
      const address = ['postgresql://fund:', 'very-secret-indeed', '@db.fund.example/x'].join('');
      writeFileSync(join(root, 'key.pem'), `one line\n${key}\n${'A'.repeat(80)}\n`);
      writeFileSync(join(root, 'notes.md'), `\n\n${aws}\n`);
      writeFileSync(join(root, 'settings'), address);
      writeFileSync(join(root, 'fine'), 'postgresql://arremate:arremate@127.0.0.1/x, postgres://a:...@host');
      execFileSync('git', ['init', '--quiet'], { cwd: root });
      execFileSync('git', ['add', '.'], { cwd: root });
      const found = said('secrets.mjs', `it.secretsIn(${JSON.stringify(root)})`);
      expect(found).toEqual([
        'key.pem:2: looks like a private key',
        'notes.md:3: looks like a key of AWS',
        'settings:1: looks like a password in an address',
      ]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('containers run confined: nobody is root, nothing is written but where it must, no rights are gained', () => {
    const { services } = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
      services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    for (const [name, service] of Object.entries(services)) {
      expect([name, service]).toEqual([
        name,
        expect.objectContaining({
          init: true, // process 1 cannot end itself
          read_only: true,
          cap_drop: ['ALL'],
          security_opt: ['no-new-privileges:true'],
          tmpfs: expect.arrayContaining(['/tmp']) as string[],
        }),
      ]);
      // Ours say in their Dockerfile who they are.
      expect([name, 'build' in service || service['user'] === 'postgres']).toEqual([name, true]);
    }
    const stages = readFileSync('Dockerfile', 'utf8').split(/^FROM /m);
    expect(stages.at(-1)).toMatch(/^USER node$/m);
    // Libraries for a platform are optional packages: an image without them starts nothing.
    expect(stages.join('')).not.toContain('--omit=optional');
  });
});
