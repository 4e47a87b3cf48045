import { resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { ARCHIVED_TABLES } from './archived-tables';
import type { Manifest } from './manifest';
import { ContentHash, type StoredColumn } from './write-table';

const MEMORY = '512MB';

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * DuckDB over the files of an archive, and over nothing else: no other directory, no network, no extension. One thread: it
 * takes what time there is, beside auctions.
 */
export class ArchiveReader {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {}

  static async open(directory: string): Promise<ArchiveReader> {
    const { DuckDBInstance: Instance } = await import('@duckdb/node-api');
    const instance = await Instance.create(':memory:', {
      threads: '1',
      memory_limit: MEMORY,
      temp_directory: '',
    });
    const connection = await instance.connect();
    for (const setting of [
      `allowed_directories = [${quoted(`${resolve(directory)}/`)}]`,
      'enable_external_access = false',
      'lock_configuration = true',
    ])
      await connection.run(`SET ${setting}`);
    return new ArchiveReader(instance, connection);
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }

  /** What a file says, value by value, as its writer said it. */
  async contentOf(
    file: string,
    columns: readonly StoredColumn[],
  ): Promise<{ readonly rows: number; readonly sha256: string }> {
    const texts = columns.map(({ name, type }) => type.readBack(`"${name}"`));
    const content = new ContentHash();
    const result = await this.connection.stream(
      `SELECT ${texts.join(', ')} FROM read_parquet(${quoted(resolve(file))})`,
    );
    for await (const rows of result.yieldRows()) for (const row of rows) content.add(row as string[]);
    return { rows: content.rows, sha256: content.digest() };
  }

  /** The keys of the auctions in a file, so many at a time. */
  async *keysOf(file: string, most: number): AsyncGenerator<readonly string[]> {
    const result = await this.connection.stream(
      `SELECT issuer_proposal_request_key FROM read_parquet(${quoted(resolve(file))})`,
    );
    let keys: string[] = [];
    for await (const rows of result.yieldRows())
      for (const [key] of rows) {
        keys.push(String(key));
        if (keys.length === most) {
          yield keys;
          keys = [];
        }
      }
    if (keys.length > 0) yield keys;
  }

  /** Makes a view of every table that the archive holds: all its parts, with the month; times in UTC without their zone. */
  async makeViews(directory: string, parts: readonly Manifest[]): Promise<void> {
    const held = new Set(parts.flatMap(({ files }) => files.map(({ table }) => table)));
    for (const { table } of ARCHIVED_TABLES.filter((each) => held.has(each.table))) {
      const files = quoted(`${resolve(directory)}/month=*/part-????/${table}.parquet`);
      const from = `read_parquet(${files}, hive_partitioning = true, hive_types_autocast = false, union_by_name = true)`;
      await this.connection.run(`CREATE VIEW ${table} AS SELECT *${await this.#timesOf(from)} FROM ${from}`);
    }
  }

  /** DuckDB reckons with an instant only by an extension that it would have to fetch. */
  async #timesOf(from: string): Promise<string> {
    const described = await this.connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`);
    const times = described
      .getRowsJson()
      .filter(([, type]) => type === 'TIMESTAMP WITH TIME ZONE')
      .map(([name]) => `make_timestamp(epoch_us("${name as string}")) AS "${name as string}"`);
    return times.length === 0 ? '' : ` REPLACE (${times.join(', ')})`;
  }

  /** @throws Error with DuckDB's words when it is no question, or none that these files can answer */
  async *ask(sql: string): AsyncGenerator<Record<string, unknown>> {
    const { StatementType } = await import('@duckdb/node-api');
    const statements = await this.connection.extractStatements(sql);
    const statement = await statements.prepare(0);
    if (statements.count !== 1 || statement.statementType !== StatementType.SELECT)
      throw new Error('the archive answers one SELECT at a time');
    const result = await statement.stream();
    for await (const rows of result.yieldRowObjectJson()) yield* rows;
  }
}
