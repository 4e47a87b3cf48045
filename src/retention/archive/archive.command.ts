import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { systemClock, type Clock } from '../../kernel';
import { AuditSeals, AuditTrail, encryptionKeysIn } from '../../platform';
import { archive, assertUnchanged, lostParts, previewArchive } from './archive';
import { ArchiveReader } from './archive-reader';
import { partDirectory, readParts, type Manifest } from './manifest';

export interface ArchiveArguments {
  /** ARREMATE_ARCHIVE_DIR. */
  readonly directory: string | undefined;
  readonly months: string;
  readonly apply: boolean;
  readonly actor: string;
  readonly keys: string | undefined;
}

/** Nobody asks about figures of the last year in files. */
const LEAST_MONTHS = 13;
const PART_AUCTIONS = 50_000;
const BATCH_AUCTIONS = 500;

type Out = (line: string) => void;

/** `npm run archive`: what may go into the archive; --apply writes it there, reads it back and deletes it. @returns the exit code */
export async function runArchiveCommand(
  dataSource: DataSource,
  { directory, months, apply, actor, keys }: ArchiveArguments,
  out: Out,
): Promise<number> {
  const before = monthsBefore(systemClock, months);
  if (!apply) {
    const going = await previewArchive(dataSource, before);
    for (const { month, auctions } of going) out(`${month} ${String(auctions).padStart(10)} auctions`);
    out(going.length === 0 ? 'Nothing is old enough.' : 'Nothing was changed: --apply archives them.');
    return 0;
  }
  const place = archiveDirectory(directory);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stopping.abort();
    });
  const audit = new AuditTrail(systemClock, new AuditSeals(encryptionKeysIn(keys)));
  const done = await archive(dataSource, audit, {
    clock: systemClock,
    directory: place,
    before,
    actor,
    partAuctions: PART_AUCTIONS,
    batchAuctions: BATCH_AUCTIONS,
    isStopping: () => stopping.signal.aborted,
  });
  if (done === undefined) {
    out('Another run, or one of retention, is under way.');
    return 1;
  }
  for (const part of done) out(lineOf(part));
  out(stopping.signal.aborted ? 'Stopped: the next run goes on.' : 'Archived.');
  return 0;
}

/** `npm run archive -- query SQL`: one JSON object a line. */
export async function runArchiveQuery(directory: string | undefined, sql: string, out: Out): Promise<number> {
  const place = archiveInPlace(directory);
  const reader = await ArchiveReader.open(place);
  try {
    await reader.makeViews(place, readParts(place));
    for await (const row of reader.ask(sql)) out(JSON.stringify(row));
    return 0;
  } finally {
    reader.close();
  }
}

/**
 * `npm run archive -- verify`: every file is the one that was archived, and every part is there.
 * @param dataSource whose audit trail knows the parts; without it a part that is gone as a whole is not missed
 * @returns 1 when one is not
 */
export async function runArchiveVerify(
  directory: string | undefined,
  out: Out,
  dataSource?: DataSource,
): Promise<number> {
  const place = archiveInPlace(directory);
  const parts = readParts(place);
  const lost = dataSource === undefined ? [] : await lostParts(dataSource, parts);
  if (dataSource === undefined) out('No database was asked: a part that is gone as a whole is not missed.');
  for (const part of lost) out(`${part} was archived and is not here`);
  let wrong = 0;
  for (const part of parts) {
    for (const file of part.files)
      try {
        await assertUnchanged(join(partDirectory(place, part), `${file.table}.parquet`), file);
      } catch (error) {
        wrong += 1;
        out(error instanceof Error ? error.message : String(error));
      }
    out(lineOf(part));
  }
  const isWhole = wrong === 0 && lost.length === 0;
  out(
    isWhole
      ? `${parts.length} parts, every file as it was archived.`
      : `${wrong} files are wrong, ${lost.length} parts are missing.`,
  );
  return isWhole ? 0 : 1;
}

function lineOf({ month, part, auctions, files, removed_at: removedAt }: Manifest): string {
  const rows = files.map(({ table, rows: count }) => `${table} ${count}`).join(', ');
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return `${month} part ${part}: ${auctions} auctions (${rows}), ${bytes} bytes${removedAt === null ? ', not yet deleted' : ''}`;
}

/** @throws Error when nobody said where the files are */
function archiveDirectory(directory: string | undefined): string {
  if (directory === undefined || directory === '')
    throw new Error('ARREMATE_ARCHIVE_DIR is required: the folder in which the archive is kept');
  return directory;
}

/** @throws Error also when no folder is there: an archive that is not in its place is not an empty one */
function archiveInPlace(directory: string | undefined): string {
  const place = archiveDirectory(directory);
  if (statSync(place, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new Error(`${place} is no folder: is it mounted, and ARREMATE_ARCHIVE_DIR the right one?`);
  return place;
}

/** @throws Error for what is no number of months, or too few */
function monthsBefore(clock: Pick<Clock, 'now'>, months: string): Date {
  const count = Number(months);
  if (!Number.isInteger(count) || count < LEAST_MONTHS)
    throw new Error(`--months must be a whole number from ${LEAST_MONTHS} on`);
  const before = clock.now();
  before.setUTCMonth(before.getUTCMonth() - count);
  return before;
}
