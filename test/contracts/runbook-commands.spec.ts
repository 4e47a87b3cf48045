import { readdirSync, readFileSync } from 'node:fs';

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
