/** Makes a file out of rows that come few by few. Each call returns the bytes that are ready; memory stays flat. */
export interface ExportWriter<Row> {
  write(rows: readonly Row[]): Uint8Array;
  end(): Uint8Array;
}

export const EXPORT_FORMATS = ['csv', 'xlsx', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
};
