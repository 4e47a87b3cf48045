import { assert, parseDecimal } from '../../kernel';
import { ParquetPages, type ParquetType, type ParquetValue } from '../../platform';
import type { ColumnKind, ExportColumn } from './export-columns';
import type { ExportWriter } from './export-writer';

const SCALE: Readonly<Record<'amount' | 'rate', number>> = { amount: 2, rate: 10 };

const TYPES: Readonly<Record<ColumnKind, ParquetType>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  cnpj: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  count: { type: 'INT32' },
  // The converted type alone leaves open whether it is UTC, and DuckDB takes it for a local time.
  instant: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  amount: { type: 'INT64', converted_type: 'DECIMAL', precision: 18, scale: SCALE.amount },
  rate: { type: 'INT64', converted_type: 'DECIMAL', precision: 18, scale: SCALE.rate },
};

/** Rows of a group. The end of the file tells of each group's columns: of small groups it would be most of the file. */
const GROUP_ROWS = 2_000;

/** Parquet for those who go on calculating: exact decimals, UTC instants. */
export class ParquetWriter<Row> implements ExportWriter<Row> {
  readonly #pages: ParquetPages;
  /** Of the rows that make the next group, column by column. */
  #values: ParquetValue[][] = [];

  constructor(private readonly columns: readonly ExportColumn<Row>[]) {
    this.#pages = new ParquetPages(columns.map(({ name, kind }) => ({ name, type: TYPES[kind] })));
  }

  write(rows: readonly Row[]): Uint8Array {
    for (const [at, column] of this.columns.entries())
      (this.#values[at] ??= []).push(...rows.map((row) => stored(column, row)));
    return this.#waiting < GROUP_ROWS ? new Uint8Array() : this.#group();
  }

  end(): Uint8Array {
    return Buffer.concat([this.#group(), this.#pages.end()]);
  }

  get #waiting(): number {
    return this.#values[0]?.length ?? 0;
  }

  #group(): Uint8Array {
    const values = this.#values;
    const group = this.#pages.write(this.#waiting, (at) => values[at] ?? []);
    this.#values = [];
    return group;
  }
}

function stored<Row>({ kind, value }: ExportColumn<Row>, row: Row): ParquetValue {
  const plain = value(row);
  if (plain === null) return null;
  switch (kind) {
    case 'amount':
    case 'rate':
      return unscaled(String(plain), SCALE[kind]);
    case 'instant':
      return new Date(plain);
    case 'count':
      return Number(plain);
    case 'text':
    case 'cnpj':
      return String(plain);
  }
}

function unscaled(text: string, scale: number): bigint {
  const value = parseDecimal(text);
  assert(value !== undefined, 'an exported amount is a decimal');
  return BigInt(value.times(`1e${scale}`).toFixed(0));
}
