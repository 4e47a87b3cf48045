/** Whether the same sources, built in two places, give the same files byte for byte. */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { builds, run } from '../prepare.mjs';

/** What the compiler notes for its own next run. */
const NOT_PART_OF_IT = /\.tsbuildinfo$/;

/** @returns the hash of both, or the files that differ */
export async function buildTwice(root) {
  const places = ['one', 'another'].map((name) => mkdtempSync(join(tmpdir(), `arremate-build-${name}-`)));
  try {
    const contents = [];
    for (const place of places) contents.push(await builtIn(root, place));
    const [one, another] = contents;
    const names = new Set([...one.keys(), ...another.keys()]);
    const differing = [...names].filter((name) => one.get(name) !== another.get(name)).sort();
    return { hash: hashOf([...one].sort().join('\n')), files: one.size, differing };
  } finally {
    for (const place of places) rmSync(place, { recursive: true, force: true });
  }
}

/** @returns the hash of each file of the build */
async function builtIn(root, place) {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  })
    .toString()
    .split('\0')
    .filter((file) => file !== '' && statSync(join(root, file), { throwIfNoEntry: false })?.isFile());
  for (const file of files) cpSync(join(root, file), join(place, file), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'));
  for (const build of builds) {
    const { code, output } = await run(process.execPath, build, { cwd: place });
    if (code !== 0) throw new Error(output);
  }
  const dist = join(place, 'dist');
  const made = readdirSync(dist, { recursive: true })
    .map((name) => join(dist, name))
    .filter((file) => statSync(file).isFile() && !NOT_PART_OF_IT.test(file));
  return new Map(made.map((file) => [relative(dist, file), hashOf(readFileSync(file))]));
}

function hashOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
