import { Client, type Pool } from 'pg';
import { waitFor } from './wait-for';

/**
 * Holds every transaction of a test database at its COMMIT that brings a row of one table into one status: the exact
 * moment before something is durable, whatever statements lead there.
 */
export class CommitGate {
  readonly #locks: Client;

  private constructor(
    private readonly key: number,
    url: string,
  ) {
    this.#locks = new Client(url);
    this.#locks.on('error', () => undefined);
  }

  /** The gate stands open. @param row what is held, e.g. `NEW.status = 'sending'` */
  static async build(sql: Pool, url: string, table: string, row: string): Promise<CommitGate> {
    const key = Math.floor(Math.random() * 2 ** 31);
    const name = `gate_${key}`;
    await sql.query(`
      CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_advisory_xact_lock_shared(${key}); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER ${name} AFTER INSERT OR UPDATE ON ${table} DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (${row}) EXECUTE FUNCTION ${name}();
    `);
    const gate = new CommitGate(key, url);
    await gate.#locks.connect();
    return gate;
  }

  async shut(): Promise<void> {
    await this.#locks.query(`SELECT pg_advisory_lock(${this.key})`);
  }

  async open(): Promise<void> {
    await this.#locks.query(`SELECT pg_advisory_unlock(${this.key})`);
  }

  /** Until so many transactions stand before it. */
  async holds(transactions = 1): Promise<void> {
    await waitFor(`${transactions} transactions at their commit`, async () => {
      const { rows } = await this.#locks.query<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_locks
         WHERE locktype = 'advisory' AND NOT granted AND objid = ${this.key}`,
      );
      return (rows[0]?.waiting ?? 0) >= transactions ? true : undefined;
    });
  }

  async end(): Promise<void> {
    await this.#locks.end();
  }
}
