import type { ParquetType, ParquetValue } from '../../platform';

/** How a column of PostgreSQL stands in a file, and how both sides say the same value as the same text. */
export interface StoredType {
  readonly parquet: ParquetType;
  /** SQL of PostgreSQL: the value as text. */
  readonly text: (column: string) => string;
  readonly value: (text: string) => ParquetValue;
  /** SQL of DuckDB: the text again, from the file. */
  readonly readBack: (column: string) => string;
}

const SCALE = 12;
const plain = (column: string): string => `${column}::text`;
const varchar = (column: string): string => `${column}::VARCHAR`;

const text = (inPostgres: (column: string) => string = plain): StoredType => ({
  parquet: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  text: inPostgres,
  value: (value) => value,
  readBack: varchar,
});
const whole: StoredType = { parquet: { type: 'INT32' }, text: plain, value: Number, readBack: varchar };

/** Every type of a column that goes into the archive, by PostgreSQL's name for it. */
const STORED: Readonly<Record<string, StoredType>> = {
  text: text(),
  uuid: text(),
  jsonb: text(),
  'text[]': text((column) => `to_json(${column})::text`),
  bytea: text((column) => `encode(${column}, 'hex')`),
  smallint: whole,
  integer: whole,
  bigint: { parquet: { type: 'INT64' }, text: plain, value: BigInt, readBack: varchar },
  boolean: {
    parquet: { type: 'BOOLEAN' },
    text: plain,
    value: (value) => value === 'true',
    readBack: varchar,
  },
  numeric: {
    parquet: {
      type: 'FIXED_LEN_BYTE_ARRAY',
      type_length: 16,
      converted_type: 'DECIMAL',
      precision: 38,
      scale: SCALE,
    },
    // Unscaled. What has more decimals stays a fraction, which no BigInt is: nothing is rounded.
    text: (column) => `trim_scale(${column} * 1e${SCALE})::text`,
    value: BigInt,
    readBack: (column) => `replace(${column}::VARCHAR, '.', '')::HUGEINT::VARCHAR`,
  },
  date: {
    parquet: { type: 'INT32', converted_type: 'DATE' },
    text: (column) => `(${column} - date '1970-01-01')::text`,
    value: Number,
    readBack: (column) => `datediff('day', DATE '1970-01-01', ${column})::VARCHAR`,
  },
  'timestamp with time zone': {
    parquet: {
      type: 'INT64',
      converted_type: 'TIMESTAMP_MICROS',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
    },
    text: (column) => `(extract(epoch FROM ${column}) * 1000000)::bigint::text`,
    value: BigInt,
    readBack: (column) => `epoch_us(${column})::VARCHAR`,
  },
};

/** @param name as format_type() says it. @throws Error for one that no archived column has had so far */
export function storedType(name: string): StoredType {
  const known = STORED[name];
  if (known === undefined) throw new Error(`the archive knows no way to keep a column of type ${name}`);
  return known;
}
