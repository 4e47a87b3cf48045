import type { DataSource } from 'typeorm';

/**
 * Where whoever looks at the past asks: lists, charts, figures, exports, what-if. A replica while it is close enough, else the
 * database that works (docs/adr/reading-from-a-replica.md). Nothing can be written here.
 */
export abstract class ReadDatabase {
  abstract readonly query: DataSource['query'];
  abstract readonly transaction: DataSource['transaction'];
}
