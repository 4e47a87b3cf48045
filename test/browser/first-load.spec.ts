import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = 'dist/console';
const MOST_BYTES = 350_000;
/** What only those load who edit policies or look at charts. */
const ON_DEMAND = ['src/pages/policy/policy-page.tsx', 'src/pages/history/charts-page.tsx'];

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
  readonly isDynamicEntry?: boolean;
}

describe('the first load of the console', () => {
  const manifest = JSON.parse(readFileSync(join(BUILT, '.vite', 'manifest.json'), 'utf8')) as Readonly<
    Record<string, Chunk>
  >;
  const pages = Object.keys(manifest).filter(
    (name) => name.startsWith('src/pages/') && manifest[name]?.isDynamicEntry === true,
  );

  /** The files of this chunk and of all that it cannot do without. */
  const filesOf = (name: string, seen = new Set<string>()): Set<string> => {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`${name} was not built`);
    if (!seen.has(chunk.file)) {
      for (const file of [chunk.file, ...(chunk.css ?? [])]) seen.add(file);
      for (const each of chunk.imports ?? []) filesOf(each, seen);
    }
    return seen;
  };
  const compressedBytes = (file: string): number => {
    const size = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.size;
    return size(join(BUILT, `${file}.gz`)) ?? size(join(BUILT, file)) ?? Infinity;
  };

  it('knows the pages', () => {
    expect(pages).toEqual(expect.arrayContaining(['src/pages/live/live-page.tsx', ...ON_DEMAND]));
  });

  it.each(pages.filter((page) => !ON_DEMAND.includes(page)))('%s takes little', (page) => {
    const files = filesOf(page, filesOf('index.html'));
    const bytes = [...files].reduce((sum, file) => sum + compressedBytes(file), 0);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  });
});
