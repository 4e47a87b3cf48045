import type { DataSource } from 'typeorm';
import type { ColumnNames, FieldCipher } from '../platform';

const BLOCK_BYTES = 8_192;
/** Pages of a table in one transaction: some 500 kB, a fraction of a second. */
const BLOCKS_AT_ONCE = 64;
const PASSES = 2;

export interface Rotation {
  readonly rotated: number;
  /** Written with an older key, or unbound, while we worked: by a process that does not know better yet. */
  readonly remaining: number;
}

/**
 * Encrypts anew, with the current key and bound to its place, whatever is not so yet. Runs beside the service, a few
 * pages of a table at a time, each in its own transaction: stopped at any moment, the next run goes on with what is left.
 * @param onProgress told after each of them, where they are several, how much was gone through, from 0 to 1
 * @throws Error when a row's key is not among those given, or its ciphertext is not its own
 */
export async function rotateColumn(
  dataSource: DataSource,
  cipher: FieldCipher,
  column: ColumnNames,
  onProgress: (share: number) => void = () => undefined,
): Promise<Rotation> {
  let rotated = 0;
  for (let pass = 0; pass < PASSES; pass += 1) {
    const [size] = await dataSource.query<{ bytes: string }[]>(
      `SELECT pg_relation_size($1::regclass) AS bytes`,
      [column.table],
    );
    const blocks = Math.ceil(Number(size?.bytes ?? 0) / BLOCK_BYTES);
    for (let from = 0; from < blocks; from += BLOCKS_AT_ONCE) {
      rotated += await rotatePages(dataSource, cipher, column, from, from + BLOCKS_AT_ONCE);
      if (blocks > BLOCKS_AT_ONCE)
        onProgress((pass + Math.min(1, (from + BLOCKS_AT_ONCE) / blocks)) / PASSES);
    }
  }
  return { rotated, remaining: await countOthers(dataSource, cipher, column) };
}

function countOthers(dataSource: DataSource, cipher: FieldCipher, column: ColumnNames): Promise<number> {
  return dataSource.transaction(async (tx) => {
    await tx.query(`SET LOCAL statement_timeout = 0`); // a large table is read once; nobody waits for it
    const [left] = await tx.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM ${column.table} WHERE ${column.key} <> $1`,
      [cipher.keyIdIn(column.column)],
    );
    return left?.n ?? 0;
  });
}

interface SealedRow {
  readonly at: string;
  readonly row: string | null;
  readonly key_id: string;
  readonly ciphertext: Buffer;
}

/** Rows stay locked between reading and writing: what somebody else writes meanwhile is never overwritten. */
function rotatePages(
  dataSource: DataSource,
  cipher: FieldCipher,
  column: ColumnNames,
  from: number,
  to: number,
): Promise<number> {
  const { table, key, data, row: name } = column;
  return dataSource.transaction(async (tx) => {
    const rows = await tx.query<SealedRow[]>(
      `SELECT ctid::text AS at, ${name} AS row, ${key} AS key_id, ${data} AS ciphertext FROM ${table}
       WHERE ctid >= $1::tid AND ctid < $2::tid AND ${key} <> $3 FOR UPDATE`,
      [`(${from},0)`, `(${to},0)`, cipher.keyIdIn(column.column)],
    );
    await tx.query(
      `UPDATE ${table} SET ${key} = $1, ${data} = anew.ciphertext
       FROM unnest($2::tid[], $3::bytea[]) AS anew (at, ciphertext) WHERE ctid = anew.at`,
      [
        cipher.keyIdIn(column.column),
        rows.map(({ at }) => at),
        rows.map((row) => encryptAnew(cipher, column, row)),
      ],
    );
    return rows.length;
  });
}

/** What was erased stays empty. */
function encryptAnew(cipher: FieldCipher, { column }: ColumnNames, sealed: SealedRow): Buffer {
  const { row, key_id: keyId, ciphertext } = sealed;
  if (row === null) throw new Error(`${column} has a row that nothing names`);
  const plain = cipher.decrypt({ keyId, ciphertext }, column, row);
  return plain.length === 0 ? plain : cipher.encrypt(plain, column, row).ciphertext;
}
