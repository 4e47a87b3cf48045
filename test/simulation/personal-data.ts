import type { Client } from 'pg';

/** @returns where any of these words stands in the clear: table, column and how many rows */
export async function personalDataIn(sql: Client, words: ReadonlySet<string>): Promise<readonly string[]> {
  const { rows: columns } = await sql.query<{ table: string; column: string }>(
    `SELECT quote_ident(table_name) AS table, CASE data_type WHEN 'bytea'
         THEN format('encode(%I, ''escape'')', column_name) ELSE format('%I::text', column_name) END AS column
     FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type IN ('text', 'jsonb', 'json', 'character varying', 'bytea')`,
  );
  const found: string[] = [];
  for (const table of new Set(columns.map((each) => each.table))) {
    const text = columns
      .filter((each) => each.table === table)
      .map(({ column }) => `coalesce(${column}, '')`)
      .join(` || ' ' || `);
    const { rows } = await sql.query<{ text: string }>(`SELECT ${text} AS text FROM ${table}`);
    const holding = rows.filter(({ text: row }) => [...words].some((word) => row.includes(word)));
    if (holding.length > 0) found.push(`${table}: ${holding.length} rows`);
  }
  return found;
}
