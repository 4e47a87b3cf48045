import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { GRANTS } from '../../src/access/domain/roles';

const RUNBOOKS = 'docs/runbooks';
const pages = ['docs/deployment.md', ...readdirSync(RUNBOOKS).map((name) => `${RUNBOOKS}/${name}`)];
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const program = readFileSync('src/cli.ts', 'utf8');

/** Those that need no sources of ours, which the image has none of. */
const OF_THE_PROGRAM = /^node scripts\/run\.mjs (?:--database )?(\S+)$/;

const named = new Set(
  pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/npm run ([a-z-]+)/g)].map(([, name]) => name ?? ''),
  ),
);

it.each([...named])('npm run %s is a command, in the image under the same name if there at all', (name) => {
  const script = scripts[name];
  expect(script).toBeDefined();
  const command = OF_THE_PROGRAM.exec(script ?? '')?.[1];
  if (command === undefined) return;
  expect(command).toBe(name);
  expect(program).toContain(`.command('${command}')`);
});

it('whoever stops bidding in the image is told how', () => {
  expect(readFileSync(`${RUNBOOKS}/stop-bidding.md`, 'utf8')).toContain(
    `node dist/src/cli.js kill-switch on --reason`,
  );
});

it.each(['kill_switch.engage', 'kill_switch.release', 'approvals.decide'] as const)(
  'whoever stops bidding, or lets it go on, is told which roles have %s',
  (permission) => {
    const page = readFileSync(`${RUNBOOKS}/stop-bidding.md`, 'utf8');
    expect(GRANTS[permission].filter((role) => !page.includes(`\`${role}\``))).toEqual([]);
  },
);

it('whatever is run as the service of docker-compose.yml has the settings that it makes of its secrets', () => {
  const { services } = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
    services: { service: { entrypoint: readonly string[] } };
  };
  const data = mkdtempSync(join(tmpdir(), 'compose-'));
  try {
    const secrets = { 'encryption-key': 'key', 'api-token': 'token', 'database-password': 'password' };
    for (const [file, secret] of Object.entries(secrets)) writeFileSync(join(data, file), secret);
    const [shell = '', ...args] = services.service.entrypoint.map((each) =>
      each.replaceAll('$$', '$').replaceAll('/data/', `${data}/`),
    );
    const said = execFileSync(shell, [...args, 'printenv', 'ARREMATE_ENCRYPTION_KEY', 'DATABASE_URL']).toString();
    expect(said).toBe('key\npostgresql://arremate_service:password@postgres:5432/arremate\n');
  } finally {
    rmSync(data, { recursive: true });
  }
});
