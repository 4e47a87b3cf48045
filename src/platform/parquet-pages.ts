import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';

/** What one column holds on a page, a value for each row. */
export type ParquetValue = string | number | bigint | boolean | Date | null;

/** How a column is stored, in Parquet's own words. */
export type ParquetType = Omit<SchemaElement, 'name' | 'repetition_type'>;

/** A Parquet file that is made page by page, one row group each: the bytes that are ready are handed on, memory stays flat. */
export class ParquetPages {
  readonly #bytes = new ByteWriter();
  readonly #parquet: ParquetWriter;

  constructor(private readonly columns: readonly { readonly name: string; readonly type: ParquetType }[]) {
    this.#parquet = new ParquetWriter({
      writer: this.#bytes,
      schema: [
        { name: 'row', num_children: columns.length },
        ...columns.map(({ name, type }) => ({ name, repetition_type: 'OPTIONAL' as const, ...type })),
      ],
    });
  }

  /** @param valuesOf what a column holds, row by row */
  write(rows: number, valuesOf: (column: number) => ParquetValue[]): Uint8Array {
    if (rows === 0) return new Uint8Array();
    const columnData = this.columns.map(({ name }, column) => ({ name, data: valuesOf(column) }));
    void this.#parquet.write({ columnData, rowGroupSize: rows });
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
