import { ByteWriter, ParquetWriter as Parquet } from 'hyparquet-writer';
import { assert, parseDecimal } from '../kernel';
import type { ColumnKind, ExportColumn } from './export-columns';
import type { ExportWriter } from './export-writer';

const SCALE: Readonly<Record<'amount' | 'rate', number>> = { amount: 2, rate: 10 };

const TYPES = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  count: { type: 'INT32' },
  // The converted type alone leaves open whether it is UTC, and DuckDB takes it for a local time.
  instant: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  amount: { type: 'INT64', converted_type: 'DECIMAL', precision: 18, scale: SCALE.amount },
  rate: { type: 'INT64', converted_type: 'DECIMAL', precision: 18, scale: SCALE.rate },
} as const satisfies Record<ColumnKind, object>;

const schemaOf = (columns: readonly ExportColumn<never>[]) => [
  { name: 'row', num_children: columns.length },
  ...columns.map(({ name, kind }) => ({ name, repetition_type: 'OPTIONAL' as const, ...TYPES[kind] })),
];

/** Parquet for those who go on calculating: exact decimals, UTC instants, one row group a page. */
export class ParquetWriter<Row> implements ExportWriter<Row> {
  readonly #bytes = new ByteWriter();
  readonly #parquet: Parquet;

  constructor(private readonly columns: readonly ExportColumn<Row>[]) {
    this.#parquet = new Parquet({ writer: this.#bytes, schema: schemaOf(columns) });
  }

  write(rows: readonly Row[]): Uint8Array {
    if (rows.length === 0) return new Uint8Array();
    const columnData = this.columns.map((column) => ({
      name: column.name,
      data: rows.map((row) => stored(column, row)),
    }));
    void this.#parquet.write({ columnData, rowGroupSize: rows.length });
    return this.#take();
  }

  end(): Uint8Array {
    void this.#parquet.finish();
    return this.#take();
  }

  /** The writer goes on counting from where it was; only what it held is handed on. */
  #take(): Uint8Array {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return bytes;
  }
}

function stored<Row>({ kind, value }: ExportColumn<Row>, row: Row): string | number | bigint | Date | null {
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
      return String(plain);
  }
}

function unscaled(text: string, scale: number): bigint {
  const value = parseDecimal(text);
  assert(value !== undefined, 'an exported amount is a decimal');
  return BigInt(value.times(`1e${scale}`).toFixed(0));
}
