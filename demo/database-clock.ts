import type { Client } from 'pg';

/** Where the functions stand that take the place of PostgreSQL's own; its presence says that a history is being laid down. */
const SCHEMA = 'demo_clock';

interface Default {
  readonly table: string;
  readonly column: string;
  readonly expression: string;
}

/**
 * PostgreSQL's clock, while a history is laid down: whoever connects with `connectionOptions` reads `now()` and
 * `clock_timestamp()` from one row, in statements, functions and defaults alike.
 */
export class DatabaseClock {
  readonly #defaults: readonly Default[];

  private constructor(
    private readonly owner: Client,
    defaults: readonly Default[],
  ) {
    this.#defaults = defaults;
  }

  /** Settings of a session that lives by this clock; nothing it writes need survive a power cut before it is done. */
  static readonly connectionOptions = [
    `search_path=public,${SCHEMA},pg_catalog`,
    'timezone=UTC',
    'synchronous_commit=off',
    'enable_seqscan=off',
    'jit=off',
  ];

  static async isPresent(owner: Client): Promise<boolean> {
    const { rowCount } = await owner.query('SELECT FROM pg_namespace WHERE nspname = $1', [SCHEMA]);
    return rowCount === 1;
  }

  /** @param owner of the tables */
  static async install(owner: Client, at: Date): Promise<DatabaseClock> {
    const { rows } = await owner.query<Default>(DEFAULTS);
    const clock = new DatabaseClock(owner, rows);
    await owner.query(`
      BEGIN;
      CREATE SCHEMA ${SCHEMA};
      GRANT USAGE ON SCHEMA ${SCHEMA} TO PUBLIC;
      CREATE TABLE ${SCHEMA}.moment (at timestamptz NOT NULL);
      INSERT INTO ${SCHEMA}.moment VALUES ('${at.toISOString()}');
      GRANT SELECT ON ${SCHEMA}.moment TO PUBLIC;
      CREATE FUNCTION ${SCHEMA}.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT at FROM ${SCHEMA}.moment';
      CREATE FUNCTION ${SCHEMA}.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
        AS 'SELECT at FROM ${SCHEMA}.moment';
      ${clock.#setDefaults((expression) => expression.replace(/\b(now|clock_timestamp)\(\)/, `${SCHEMA}.$1()`))}
      COMMIT`);
    await owner.query('SET synchronous_commit = off');
    return clock;
  }

  async set(at: Date): Promise<void> {
    await this.owner.query({ name: 'set', text: `UPDATE ${SCHEMA}.moment SET at = $1`, values: [at] });
  }

  /** The last step: from here on the database is as any other. */
  async remove(): Promise<void> {
    await this.owner.query(`
      BEGIN;
      ${this.#setDefaults((expression) => expression)}
      DROP SCHEMA ${SCHEMA} CASCADE;
      SET LOCAL synchronous_commit = on;
      COMMIT`);
  }

  #setDefaults(of: (expression: string) => string): string {
    return this.#defaults
      .map(
        ({ table, column, expression }) =>
          `ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT ${of(expression)};`,
      )
      .join('\n');
  }
}

const DEFAULTS = `
  SELECT adrelid::regclass::text AS table, quote_ident(attname) AS column, pg_get_expr(adbin, adrelid) AS expression
  FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
  JOIN pg_class ON pg_class.oid = adrelid
  WHERE relnamespace = current_schema()::regnamespace AND pg_get_expr(adbin, adrelid) ~ '\\m(now|clock_timestamp)\\(\\)'`;
