import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/data-source';
import type { InstanceRegistry } from '../../src/platform';
import { RunBook } from '../../src/reconciliation/run-book.service';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const FIGURES = { gapsFound: 0, gapsClosed: 0, calls: 1, resent: 0, refused: 0 };
const HOUR_MS = 3_600_000;

describe("how far QI's list of failures has been read", () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let book: RunBook;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.serviceUrl).initialize();
    book = new RunBook(dataSource, { id: randomUUID() } as InstanceRegistry);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  async function readUntil(moment: Date): Promise<Date | undefined> {
    await book.close((await book.open('test')) ?? '', 'done', FIGURES, moment);
    return book.scannedUntil();
  }

  it('is not further than it can have been, whatever the clock of the process that read it', async () => {
    const before = new Date(Date.now() - HOUR_MS);
    expect(await readUntil(before)).toEqual(before);
    // An hour of failures would be passed over by everybody (npm run simulate -- --rounds 35000-35019).
    const until = await readUntil(new Date(Date.now() + HOUR_MS));
    expect(until?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(until?.getTime()).toBeGreaterThan(before.getTime());
  });
});
