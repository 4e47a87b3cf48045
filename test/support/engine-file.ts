import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

type Section = Readonly<Record<string, number | string>>;

/** config/engine.yaml with some of its keys changed, as a file for ARREMATE_ENGINE_FILE. */
export function engineFile(changes: Readonly<Record<string, Section>>): string {
  const engine = parse(readFileSync('config/engine.yaml', 'utf8')) as Record<string, Section>;
  for (const [name, section] of Object.entries(changes)) engine[name] = { ...engine[name], ...section };
  const file = join(mkdtempSync(join(tmpdir(), 'arremate-engine-')), 'engine.yaml');
  writeFileSync(file, stringify(engine));
  return file;
}
