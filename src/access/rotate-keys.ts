import type { DataSource } from 'typeorm';
import type { FieldCipher } from '../platform';

const BLOCK_BYTES = 8_192;
/** Pages of a table in one transaction: some 500 kB, a fraction of a second. */
const BLOCKS_AT_ONCE = 64;
const PASSES = 2;

/** An encrypted column, by the convention that all of them follow: `x_key_id` beside `x_ciphertext`, or both without a prefix. */
export interface EncryptedColumn {
  readonly table: string;
  readonly key_column: string;
  readonly data_column: string;
}

export interface Rotation {
  readonly column: EncryptedColumn;
  readonly rotated: number;
  /** Written with an older key while we worked, by a process that does not know the new one yet. */
  readonly remaining: number;
}

/** Every encrypted column of the database, also those of tables that were added later. */
export function encryptedColumns(dataSource: DataSource): Promise<EncryptedColumn[]> {
  return dataSource.query<EncryptedColumn[]>(`
    SELECT keys.table_name AS table, keys.column_name AS key_column, data.column_name AS data_column
    FROM information_schema.columns keys
    JOIN information_schema.columns data USING (table_schema, table_name)
    JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
      AND keys.column_name ~ '(^|_)key_id$' AND data.column_name = regexp_replace(keys.column_name, 'key_id$', 'ciphertext')
    ORDER BY 1, 2`);
}

/**
 * Encrypts anew, with the current key, whatever is still encrypted with an older one. Runs beside the service, a few
 * pages of a table at a time, each in its own transaction: stopped at any moment, the next run goes on with what is left.
 * @throws Error when a row's key is not among those given
 */
export async function rotateColumn(
  dataSource: DataSource,
  cipher: FieldCipher,
  column: EncryptedColumn,
): Promise<Rotation> {
  let rotated = 0;
  for (let pass = 0; pass < PASSES; pass += 1) {
    const [size] = await dataSource.query<{ bytes: string }[]>(
      `SELECT pg_relation_size($1::regclass) AS bytes`,
      [column.table],
    );
    const blocks = Math.ceil(Number(size?.bytes ?? 0) / BLOCK_BYTES);
    for (let from = 0; from < blocks; from += BLOCKS_AT_ONCE)
      rotated += await rotatePages(dataSource, cipher, column, from, from + BLOCKS_AT_ONCE);
  }
  const [left] = await dataSource.query<{ n: number }[]>(
    `SELECT count(*)::int AS n FROM ${column.table} WHERE ${column.key_column} <> $1`,
    [cipher.currentKeyId],
  );
  return { column, rotated, remaining: left?.n ?? 0 };
}

/** Rows stay locked between reading and writing: what somebody else writes meanwhile is never overwritten. */
function rotatePages(
  dataSource: DataSource,
  cipher: FieldCipher,
  { table, key_column, data_column }: EncryptedColumn,
  from: number,
  to: number,
): Promise<number> {
  return dataSource.transaction(async (tx) => {
    const rows = await tx.query<{ row: string; key_id: string; ciphertext: Buffer }[]>(
      `SELECT ctid::text AS row, ${key_column} AS key_id, ${data_column} AS ciphertext FROM ${table}
       WHERE ctid >= $1::tid AND ctid < $2::tid AND ${key_column} <> $3 FOR UPDATE`,
      [`(${from},0)`, `(${to},0)`, cipher.currentKeyId],
    );
    const anew = rows.map(({ key_id: keyId, ciphertext }) =>
      cipher.encrypt(cipher.decrypt({ keyId, ciphertext })),
    );
    await tx.query(
      `UPDATE ${table} SET ${key_column} = $1, ${data_column} = anew.ciphertext
       FROM unnest($2::tid[], $3::bytea[]) AS anew (row, ciphertext) WHERE ctid = anew.row`,
      [cipher.currentKeyId, rows.map(({ row }) => row), anew.map(({ ciphertext }) => ciphertext)],
    );
    return rows.length;
  });
}
