import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Its messages stand in decisions already recorded, and a replay makes the same bytes again. */
const RECORDED = join('src', 'policy', 'domain', 'compile-policy.ts');

/** Where Portuguese stands that people read. */
const SOURCES = ['console/src', 'src']
  .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((file) => join(root, file)))
  .filter((file) => /\.tsx?$/.test(file) && !/\.(spec|d)\.ts$/.test(file) && file !== RECORDED);
const TABLE = readFileSync('docs/glossary.md', 'utf8').split('## On the screens')[1] ?? '';
const ROWS = [...TABLE.matchAll(/^\| (?!of |-)[^|]+\| ([^|]+?) +\| ([^|]+?) +\|$/gm)].map(
  ([, said = '', not = '']) => [not, said] as const,
);

/** A text as it stands in quotes, in backquotes or between tags; one word only where nothing else stands beside it. */
const asWritten = (words: string): RegExp =>
  words.includes(' ') ? new RegExp(`\\b${words}\\b`, 'i') : new RegExp(`(['"\`>]|^\\s*)${words}(['"\`<]|$)`, 'm');

describe('the words of the trade', () => {
  const texts = SOURCES.map((file) => ({ file, text: readFileSync(file, 'utf8') }));

  it('are all of the glossary', () => {
    expect(ROWS.length).toBeGreaterThan(10);
  });

  it.each(ROWS)('nobody reads "%s", for it is "%s"', (not) => {
    expect(texts.filter(({ text }) => asWritten(not).test(text)).map(({ file }) => file)).toEqual([]);
  });
});
