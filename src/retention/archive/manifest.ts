import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const month = z.string().regex(/^\d{4}-\d{2}$/);

/** What a part of the archive holds, and whether the database is without it. */
const manifestSchema = z.strictObject({
  format: z.literal(1),
  /** In São Paulo, of the receipt of its auctions. */
  month,
  part: z.int().positive(),
  written_at: z.iso.datetime(),
  auctions: z.int().positive(),
  files: z.array(
    z.strictObject({
      table: z.string(),
      rows: z.int().nonnegative(),
      bytes: z.int().positive(),
      /** Of the file as it lies there. */
      sha256: hash,
      /** Of the values, as the database said them and as the file was read back. */
      content_sha256: hash,
      columns: z.array(z.string()),
      left_out: z.array(z.string()),
    }),
  ),
  /** When the last of its rows that leave was deleted; null: not yet. */
  removed_at: z.iso.datetime().nullable(),
});
export type Manifest = z.output<typeof manifestSchema>;
export type ArchivedFile = Manifest['files'][number];

const MANIFEST = 'manifest.json';
/** The ending of a directory that is being written: whoever finds one has been cut off. */
export const UNFINISHED = '.unfinished';

/** Named so that readers of Parquet take the month from it. */
export const partDirectory = (
  archive: string,
  of: { readonly month: string; readonly part: number },
): string => join(archive, `month=${of.month}`, `part-${String(of.part).padStart(4, '0')}`);

/** Every whole part, by month and number. @throws Error for one whose manifest cannot be read */
export function readParts(archive: string): readonly Manifest[] {
  if (!existsSync(archive)) return [];
  return readdirSync(archive, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(join('/', MANIFEST)) && !file.includes(UNFINISHED))
    .sort()
    .map((file) => {
      const read = manifestSchema.safeParse(JSON.parse(readFileSync(join(archive, file), 'utf8')));
      if (!read.success) throw new Error(`${file} is no manifest of an archive`);
      return read.data;
    });
}

/** On disk when it returns, whole or not at all. */
export function writeManifest(directory: string, manifest: Manifest): void {
  const [file, fresh] = [join(directory, MANIFEST), join(directory, `${MANIFEST}.new`)];
  const handle = openSync(fresh, 'w', 0o600);
  writeSync(handle, `${JSON.stringify(manifest, null, 2)}\n`);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(fresh, file);
  syncDirectory(directory);
}

/** A name that was given is on disk too. */
export function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
