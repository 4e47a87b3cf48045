import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { EntityManager } from 'typeorm';
import { ParquetPages } from '../../platform';
import { openColumns, type ArchivedTable } from './archived-tables';
import type { ArchivedFile } from './manifest';
import { storedType, type StoredType } from './stored-types';

/** Auctions of which rows are in memory at once. */
const PAGE = 1_000;

/** A column of an archived table, in the order of its file. */
export interface StoredColumn {
  readonly name: string;
  readonly type: StoredType;
}

/** @throws Error when the database has not every column that may leave */
export async function columnsOf(
  tx: Pick<EntityManager, 'query'>,
  table: string,
): Promise<readonly StoredColumn[]> {
  const { open: names } = openColumns(table);
  const found = await tx.query<{ name: string; type: string }[]>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attname = ANY ($2::text[]) AND NOT attisdropped ORDER BY attnum`,
    [table, names],
  );
  if (found.length !== names.length) throw new Error(`${table} has not the columns that its archive keeps`);
  return found.map(({ name, type }) => ({ name, type: storedType(type) }));
}

/** Running hash of rows, each value as text or null; whoever reads the file back says the same. */
export class ContentHash {
  readonly #hash = createHash('sha256');
  rows = 0;

  add(row: readonly (string | null)[]): void {
    this.#hash.update(`${JSON.stringify(row)}\n`);
    this.rows += 1;
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}

/**
 * Writes the rows of some auctions into a new file, so many auctions in memory at once; on disk when it resolves.
 * @throws Error when a value cannot be kept as it is
 */
export async function writeTable(
  tx: EntityManager,
  { table, of, order }: ArchivedTable,
  keys: readonly string[],
  file: string,
): Promise<ArchivedFile> {
  const columns = await columnsOf(tx, table);
  const pages = new ParquetPages(columns.map(({ name, type }) => ({ name, type: type.parquet })));
  const select = `SELECT ARRAY[${columns.map(({ name, type }) => type.text(name)).join(', ')}] AS row
    FROM ${table} WHERE ${of} ORDER BY ${order}`;
  const [content, sha256] = [new ContentHash(), createHash('sha256')];
  const handle = await open(file, 'wx', 0o600);
  let bytes = 0;
  const append = async (chunk: Uint8Array): Promise<void> => {
    sha256.update(chunk);
    bytes += chunk.length;
    await handle.appendFile(chunk);
  };
  try {
    for (let from = 0; from < keys.length; from += PAGE) {
      const found = await tx.query<{ row: (string | null)[] }[]>(select, [keys.slice(from, from + PAGE)]);
      for (const { row } of found) content.add(row);
      await append(
        pages.write(found.length, (at) => found.map(({ row }) => valueOf(columns, row, at, table))),
      );
    }
    await append(pages.end());
    await handle.sync();
  } finally {
    await handle.close();
  }
  return {
    table,
    rows: content.rows,
    bytes,
    sha256: sha256.digest('hex'),
    content_sha256: content.digest(),
    columns: columns.map(({ name }) => name),
    left_out: [...openColumns(table).leftOut],
  };
}

function valueOf(
  columns: readonly StoredColumn[],
  row: readonly (string | null)[],
  at: number,
  table: string,
): ReturnType<StoredType['value']> {
  const [text = null, column] = [row[at], columns[at]];
  if (text === null || column === undefined) return null;
  try {
    return column.type.value(text);
  } catch {
    throw new Error(`${table}.${column.name} has a value with more decimals than the archive keeps`);
  }
}
