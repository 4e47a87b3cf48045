import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings, SettingsError } from '../../src/platform';

const guide = readFileSync('docs/deployment.md', 'utf8');
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /(?<!\.spec)\.ts$/.test(name))
  .map((name) => readFileSync(join('src', name), 'utf8'));

const found = (pattern: RegExp): readonly string[] => [
  ...new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, name]) => name ?? ''))),
];
/** Of the schema, and those that a command reads for itself. */
const schema = readFileSync('src/platform/settings.ts', 'utf8').matchAll(/^ {4}([A-Z][A-Z_]+): /gm);
const settings = new Set([
  ...[...schema].map(([, name]) => name ?? ''),
  ...found(/(?:nvironment|set|env)\)?\['([A-Z_]+)'\]/g),
]);

it.each([...settings])('docs/deployment.md describes %s', (name) => {
  const tail = name.slice(name.lastIndexOf('_')); // `ARREMATE_LOG_FILE`, `_LEVEL`
  expect([name, tail].some((each) => guide.includes(`\`${each}\``) || guide.includes(`\`${each}=`))).toBe(true);
});

it.each(found(/application_?[nN]ame(?:: | = )'(arremate[\w-]*)'/g))('its table of connections has %s', (name) => {
  expect(guide).toContain(`| \`${name}\` `);
});

/** What a start without any setting asks for. */
function required(): readonly string[] {
  try {
    readSettings({});
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map((problem) => /^[A-Z_]+/.exec(problem)?.[0] ?? problem);
  }
}

it.each(required())('whoever runs the image is told that it needs %s', (name) => {
  const [, containers] = readFileSync('docs/runbooks/start.md', 'utf8').split('## Containers');
  expect(containers).toContain(`\`${name}\``);
});
