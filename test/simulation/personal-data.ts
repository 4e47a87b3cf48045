import type { Queries } from './simulated-database';

interface TableText {
  readonly table: string;
  /** SQL: everything in a row that may hold somebody's name or document. */
  readonly text: string;
}

/** Of a text that names a person, or a number that may be a document, none of these has room. */
const HOLD_NOBODY = ['boolean', 'smallint', 'integer', 'date', 'timestamp with time zone', 'uuid'];

/** Looks for people's names and documents in the clear, in every table. A row is read once after each writing of it. */
export class PersonalDataWatch {
  /** Transactions before this one have ended and were looked at: no numbers are used twice in so short a life. */
  #lookedTo = '0';
  readonly #rowsFound = new Map<string, number>();

  constructor(private readonly sql: Queries) {}

  /** @returns where any of these words stands or stood in the clear: table and how many rows */
  async look(words: ReadonlySet<string>): Promise<readonly string[]> {
    const { rows } = await this.sql.query<{ next: string }>(
      `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS next`,
    );
    for (const { table, text } of await this.#tables()) {
      const written = await this.sql.query<{ text: string }>(
        `SELECT ${text} AS text FROM ${table} WHERE xmin::text::bigint >= $1`,
        [this.#lookedTo],
      );
      const holding = written.rows.filter((row) => holdsAny(row.text, words));
      if (holding.length > 0) this.#rowsFound.set(table, (this.#rowsFound.get(table) ?? 0) + holding.length);
    }
    this.#lookedTo = rows[0]?.next ?? '0';
    return [...this.#rowsFound].map(([table, count]) => `${table}: ${count} rows`);
  }

  async #tables(): Promise<readonly TableText[]> {
    const { rows } = await this.sql.query<TableText>(
      `SELECT quote_ident(table_name) AS table, string_agg(format('coalesce(%s, '''')', CASE data_type WHEN 'bytea'
           THEN format('encode(%I, ''escape'')', column_name) ELSE format('%I::text', column_name) END), ' || '' '' || ')
           AS text
       FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
         AND data_type <> ALL ($1) GROUP BY 1`,
      [HOLD_NOBODY],
    );
    return rows;
  }
}

/** One to which what stands there now is of no account: the first policy names an invented worker of QI's. */
export async function watchFromNow(sql: Queries): Promise<PersonalDataWatch> {
  const watch = new PersonalDataWatch(sql);
  await watch.look(new Set());
  return watch;
}

function holdsAny(text: string, words: ReadonlySet<string>): boolean {
  for (const word of words) if (text.includes(word)) return true;
  return false;
}
