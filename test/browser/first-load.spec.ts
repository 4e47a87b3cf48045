import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = 'dist/console';
const MOST_BYTES = 350_000;

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
    (name) => /^src\/pages\/.*-page\.tsx$/.test(name) && manifest[name]?.isDynamicEntry === true,
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

  /** As the server sends them: compressed when the console was built. */
  const bytesOf = (page: string): number =>
    [...filesOf(page, filesOf('index.html'))].reduce((sum, file) => sum + compressedBytes(file), 0);

  /** Mantine's name for each class is in the script that gives it to an element, and in the style sheet. */
  it('has a style for every class that it uses of those Mantine has one for', () => {
    const built = (suffix: string): string =>
      readdirSync(join(BUILT, 'assets'))
        .filter((file) => file.endsWith(suffix))
        .map((file) => readFileSync(join(BUILT, 'assets', file), 'utf8'))
        .join('');
    const classesIn = (text: string): Set<string> => new Set(text.match(/\bm_[0-9a-f]{6,8}\b/g));
    const used = classesIn(built('.js'));
    const known = classesIn(readFileSync(require.resolve('@mantine/core/styles.css'), 'utf8'));
    const styled = classesIn(built('.css'));
    expect(styled.size).toBeGreaterThan(100);
    expect([...used].filter((name) => known.has(name) && !styled.has(name))).toEqual([]);
  });

  it('knows the pages', () => {
    expect(pages).toEqual(
      expect.arrayContaining(['src/pages/live/live-page.tsx', 'src/pages/policy/policy-page.tsx']),
    );
  });

  // The figures are in the names, so that whoever runs them reads them.
  it.each(pages.map((page) => [page, Math.ceil(bytesOf(page) / 1_000), MOST_BYTES / 1_000] as const))(
    '%s takes %i kB of %i',
    (_, kilobytes, most) => {
      expect(kilobytes).toBeLessThanOrEqual(most);
    },
  );
});
