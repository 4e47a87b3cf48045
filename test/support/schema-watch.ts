import type { Pool } from 'pg';
import { GROWN } from './grown-tables';
import { waitFor } from './wait-for';

interface Sight {
  readonly tables: ReadonlyMap<string, { readonly name: string; readonly file: string }>;
  readonly indexes: readonly { readonly oid: string; readonly table: string; readonly name: string }[];
  readonly written: ReadonlyMap<string, number>;
}

/**
 * What a change of the schema does that would hold up a service at work: a table written anew, an index made while
 * nobody may write, rows changed in bulk. Seen in PostgreSQL's own books, whatever the statements look like.
 */
export async function holdUpsOf(sql: Pool, change: () => Promise<unknown>): Promise<readonly string[]> {
  const before = await look(sql);
  await change();
  await waitFor('the session of the change to end, for then its counts are in the books', async () => {
    const { rowCount } = await sql.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'arremate-migrate'`,
    );
    return rowCount === 0 ? true : undefined;
  });
  const after = await look(sql);
  const known = new Set(before.indexes.map(({ oid }) => oid));
  return [
    ...[...before.tables]
      .filter(([oid, { file }]) => after.tables.has(oid) && after.tables.get(oid)?.file !== file)
      .map(([, { name }]) => `${name} is written anew`),
    ...after.indexes
      .filter(({ oid, table }) => !known.has(oid) && before.tables.has(table))
      .map(
        ({ name, table }) => `${name} is not made concurrently on ${before.tables.get(table)?.name ?? ''}`,
      ),
    ...GROWN.filter((table) => after.written.get(table) !== before.written.get(table)).map(
      (table) => `rows of ${table} are changed`,
    ),
  ];
}

async function look(sql: Pool): Promise<Sight> {
  await sql.query('SELECT pg_stat_force_next_flush()'); // what was written here before is counted as before
  const tables = await sql.query<{ oid: string; name: string; file: string }>(
    `SELECT oid, relname AS name, relfilenode AS file FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  // Made concurrently, an index is entered in one transaction and found valid in a later one.
  const indexes = await sql.query<Sight['indexes'][number]>(
    `SELECT pg_class.oid, indrelid AS table, relname AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE relnamespace = 'public'::regnamespace AND pg_index.xmin = pg_class.xmin`,
  );
  const written = await sql.query<{ name: string; rows: string }>(
    `SELECT relname AS name, n_tup_ins + n_tup_upd + n_tup_del AS rows FROM pg_stat_user_tables`,
  );
  return {
    tables: new Map(tables.rows.map(({ oid, ...table }) => [oid, table])),
    indexes: indexes.rows,
    written: new Map(written.rows.map(({ name, rows }) => [name, Number(rows)])),
  };
}
