import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { throwawayDirectory } from './data-directory';

type Section = { readonly [key: string]: Value | Section };
type Value = number | string | boolean | readonly string[];

/** config/engine.yaml with some of its keys changed, as a file for ARREMATE_ENGINE_FILE. */
export function engineFile(changes: Section): string {
  const engine = changed(parse(readFileSync('config/engine.yaml', 'utf8')) as Section, changes);
  const file = join(throwawayDirectory('arremate-engine-'), 'engine.yaml');
  writeFileSync(file, stringify(engine));
  return file;
}

function changed(section: Section, changes: Section): Section {
  const entries = Object.entries(changes).map(([key, value]) => {
    const before = section[key];
    return [key, isSection(value) && isSection(before) ? changed(before, value) : value] as const;
  });
  return { ...section, ...Object.fromEntries(entries) };
}

function isSection(value: Value | Section | undefined): value is Section {
  return typeof value === 'object' && !Array.isArray(value);
}
