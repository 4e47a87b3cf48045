import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DataSource, EntityManager } from 'typeorm';
import type { Clock } from '../../kernel';
import type { AuditTrail } from '../../platform';
import { oneAtATime } from '../one-at-a-time';
import { ArchiveReader } from './archive-reader';
import { ARCHIVABLE, ARCHIVED_TABLES, STILL_ARCHIVABLE } from './archived-tables';
import {
  partDirectory,
  readParts,
  syncDirectory,
  UNFINISHED,
  writeManifest,
  type ArchivedFile,
  type Manifest,
} from './manifest';
import { columnsOf, writeTable } from './write-table';

export interface ArchiveOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Where the files are. */
  readonly directory: string;
  /** Auctions received before it go. */
  readonly before: Date;
  readonly actor: string;
  /** At most so many in one part: that many keys are in memory, and one view of the database is held for so long. */
  readonly partAuctions: number;
  /** Deleted in one transaction. */
  readonly batchAuctions: number;
  /** Asked between parts and batches: what is not done by then the next run does. */
  readonly isStopping: () => boolean;
}

interface Chosen {
  readonly keys: readonly string[];
  readonly month: string;
  /** Of the first of them. */
  readonly from: string;
}

const SUBJECT = 'archive';

/**
 * Writes what no work needs any more into files, part by part, reads each part back, and only then deletes it. Killed at any
 * moment it leaves parts that are whole or that the next run writes again, and nothing deleted that is in no whole part. What
 * is in a whole part is never written again.
 * @returns the parts that were finished; undefined when another run, or one of retention, is under way
 * @throws Error when a file does not say what the database said; nothing of its part is deleted then. And before anything is done
 * when the folder lacks what was archived into it
 */
export function archive(
  dataSource: DataSource,
  audit: AuditTrail,
  options: ArchiveOptions,
): Promise<readonly Manifest[] | undefined> {
  return oneAtATime(dataSource, async () => {
    await assertNothingLost(dataSource, options.directory);
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
    const reader = await ArchiveReader.open(options.directory);
    try {
      return await allParts(dataSource, audit, reader, options);
    } finally {
      reader.close();
    }
  });
}

async function allParts(
  dataSource: DataSource,
  audit: AuditTrail,
  reader: ArchiveReader,
  options: ArchiveOptions,
): Promise<readonly Manifest[]> {
  const done: Manifest[] = [];
  const finish = async (part: Manifest): Promise<void> => {
    const removed = await removePart(dataSource, audit, reader, part, options);
    if (removed !== undefined) done.push(removed);
  };
  for (const part of readParts(options.directory))
    if (part.removed_at === null || (await isBack(dataSource, reader, part, options))) await finish(part);
  for (let from = '-infinity'; !options.isStopping();) {
    const part = await writePart(dataSource, reader, from, options);
    if (part === undefined) break;
    await finish(part.manifest);
    from = part.from;
  }
  return done;
}

/** A folder that is not mounted looks like one in which nothing was archived yet. @throws Error that names the lost parts */
async function assertNothingLost(dataSource: DataSource, directory: string): Promise<void> {
  const lost = await lostParts(dataSource, readParts(directory));
  if (lost.length > 0)
    throw new Error(
      `${directory} lacks ${lost.join(', ')}: is it mounted, and ARREMATE_ARCHIVE_DIR the right one? Nothing was deleted.`,
    );
}

/** Of the parts whose rows the audit trail knows as deleted, those that are none of these: `2026-05 part 1`. */
export async function lostParts(
  dataSource: DataSource,
  held: readonly Pick<Manifest, 'month' | 'part'>[],
): Promise<readonly string[]> {
  const archived = await dataSource.query<{ month: string; part: number }[]>(
    `SELECT DISTINCT details->>'month' AS month, (details->>'part')::int AS part FROM audit_event
     WHERE subject = $1 AND action = 'retention.archived' ORDER BY 1, 2`,
    [SUBJECT],
  );
  const nameOf = ({ month, part }: Pick<Manifest, 'month' | 'part'>): string => `${month} part ${part}`;
  const here = new Set(held.map(nameOf));
  return archived.map(nameOf).filter((name) => !here.has(name));
}

/** What a run would take now, by month. Changes nothing. */
export async function previewArchive(
  dataSource: DataSource,
  before: Date,
): Promise<readonly { readonly month: string; readonly auctions: number }[]> {
  return inOneView(dataSource, (tx) =>
    tx.query(
      `SELECT month, count(*)::int AS auctions FROM (${ARCHIVABLE}) AS going GROUP BY month ORDER BY month`,
      ['-infinity', before, null],
    ),
  );
}

/** The next auctions of one month, in files that have been read back. */
async function writePart(
  dataSource: DataSource,
  reader: ArchiveReader,
  from: string,
  { directory, before, clock, partAuctions }: ArchiveOptions,
): Promise<{ readonly manifest: Manifest; readonly from: string } | undefined> {
  return inOneView(dataSource, async (tx) => {
    const chosen = await choose(tx, from, before, partAuctions);
    if (chosen === undefined) return undefined;
    const { month, keys } = chosen;
    const part = readParts(directory).filter((each) => each.month === month).length + 1;
    const place = partDirectory(directory, { month, part });
    const unfinished = `${place}${UNFINISHED}`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true, mode: 0o700 });
    const files: ArchivedFile[] = [];
    for (const table of ARCHIVED_TABLES) {
      const file = join(unfinished, `${table.table}.parquet`);
      const written = await writeTable(tx, table, keys, file);
      await assertReadsBack(tx, reader, file, written);
      files.push(written);
    }
    const manifest: Manifest = {
      format: 1,
      month,
      part,
      written_at: clock.now().toISOString(),
      auctions: keys.length,
      files,
      removed_at: null,
    };
    writeManifest(unfinished, manifest);
    renameSync(unfinished, place);
    syncDirectory(dirname(place));
    return { manifest, from: chosen.from };
  });
}

async function choose(
  tx: EntityManager,
  from: string,
  before: Date,
  most: number,
): Promise<Chosen | undefined> {
  const rows = await tx.query<{ key: string; month: string; received_at: string }[]>(ARCHIVABLE, [
    from,
    before,
    most,
  ]);
  const [first] = rows;
  if (first === undefined) return undefined;
  const ofMonth = rows.filter(({ month }) => month === first.month);
  return { keys: ofMonth.map(({ key }) => key), month: first.month, from: first.received_at };
}

/** @throws Error when the file is not what was written, or says something else than the database did */
async function assertReadsBack(
  tx: EntityManager,
  reader: ArchiveReader,
  file: string,
  written: ArchivedFile,
): Promise<void> {
  await assertUnchanged(file, written);
  const read = await reader.contentOf(file, await columnsOf(tx, written.table));
  if (read.rows !== written.rows || read.sha256 !== written.content_sha256)
    throw new Error(`${file} does not say what the database said: nothing of its part is deleted`);
}

/** @throws Error when the file is not the one of which the manifest speaks */
export async function assertUnchanged(file: string, { sha256, table }: ArchivedFile): Promise<void> {
  const hash = createHash('sha256');
  if (!existsSync(file)) throw new Error(`the archive has lost ${file}`);
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  if (hash.digest('hex') !== sha256)
    throw new Error(`${file} is not the file of ${table} that was archived: nothing of its part is deleted`);
}

/** Deletes what a whole part holds. @returns undefined when it was told to stop before the end */
async function removePart(
  dataSource: DataSource,
  audit: AuditTrail,
  reader: ArchiveReader,
  part: Manifest,
  { directory, clock, actor, batchAuctions, isStopping }: ArchiveOptions,
): Promise<Manifest | undefined> {
  const place = partDirectory(directory, part);
  for (const file of part.files) await assertUnchanged(join(place, `${file.table}.parquet`), file);
  const rows: Record<string, number> = {};
  for await (const keys of reader.keysOf(join(place, 'auction.parquet'), batchAuctions)) {
    if (isStopping()) return undefined;
    for (const [table, gone] of Object.entries(await dataSource.transaction((tx) => removeBatch(tx, keys))))
      rows[table] = (rows[table] ?? 0) + gone;
  }
  const removed: Manifest = { ...part, removed_at: clock.now().toISOString() };
  const details = { month: part.month, part: String(part.part), auctions: String(part.auctions) };
  await dataSource.transaction((tx) =>
    audit.record(tx, {
      actor,
      action: 'retention.archived',
      subject: SUBJECT,
      details: { ...details, ...Object.fromEntries(Object.entries(rows).map(([t, n]) => [t, String(n)])) },
    }),
  );
  writeManifest(place, removed);
  return removed;
}

/** Whether a database that was restored has again what was deleted from it: written once more, it would count twice. */
async function isBack(
  dataSource: DataSource,
  reader: ArchiveReader,
  part: Manifest,
  { directory, batchAuctions, isStopping }: ArchiveOptions,
): Promise<boolean> {
  const file = join(partDirectory(directory, part), 'auction.parquet');
  for await (const keys of reader.keysOf(file, batchAuctions)) {
    if (isStopping()) return false;
    if ((await dataSource.query<unknown[]>(`${STILL_ARCHIVABLE} LIMIT 1`, [keys])).length > 0) return true;
  }
  return false;
}

async function removeBatch(tx: EntityManager, keys: readonly string[]): Promise<Record<string, number>> {
  await tx.query('SET LOCAL statement_timeout = 0');
  const going = (await tx.query<{ key: string }[]>(`${STILL_ARCHIVABLE} ORDER BY 1 FOR UPDATE`, [keys])).map(
    ({ key }) => key,
  );
  const gone: Record<string, number> = {};
  for (const { table, of } of ARCHIVED_TABLES.filter(({ leaves }) => leaves)) {
    const [row] = await tx.query<{ gone: number }[]>(
      `WITH gone AS (DELETE FROM ${table} WHERE ${of} RETURNING 1) SELECT count(*)::int AS gone FROM gone`,
      [going],
    );
    gone[table] = row?.gone ?? 0;
  }
  return gone;
}

/** All of one moment, and nothing written. */
function inOneView<T>(dataSource: DataSource, read: (tx: EntityManager) => Promise<T>): Promise<T> {
  return dataSource.transaction('REPEATABLE READ', async (tx) => {
    await tx.query('SET TRANSACTION READ ONLY');
    await tx.query('SET LOCAL statement_timeout = 0');
    await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    return read(tx);
  });
}
