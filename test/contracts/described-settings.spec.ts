import { readFileSync } from 'node:fs';

const guide = readFileSync('docs/deployment.md', 'utf8');
const source = readFileSync('src/platform/settings.ts', 'utf8');
const settings = [...source.matchAll(/^ {4}([A-Z][A-Z_]+): |\['([A-Z_]+)'\] \?\?/gm)].map(
  ([, declared, read]) => declared ?? read ?? '',
);

it.each(settings)('docs/deployment.md describes %s', (name) => {
  const tail = name.slice(name.lastIndexOf('_')); // `ARREMATE_LOG_FILE`, `_LEVEL`
  expect([name, tail].some((each) => guide.includes(`\`${each}\``) || guide.includes(`\`${each}=`))).toBe(true);
});
