import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/data-source';
import type { InstanceRegistry, Settings } from '../../src/platform';
import { GapBook } from '../../src/reconciliation/gap-book.service';
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

describe('what QI told in a time that was lost with a restore', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let gaps: GapBook;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.serviceUrl).initialize();
    const reconciliation = { ask_again_seconds: 60, ask_again_max_minutes: 60, give_up_days: 14 };
    gaps = new GapBook(dataSource, { engine: { reconciliation } } as unknown as Settings);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('is asked for anew, also what was asked for and had come before; once for each restore', async () => {
    const [eventKey, originKey] = [randomUUID(), randomUUID()];
    const one = { eventKey, callbackKey: 'callback', originKey, since: new Date() };
    const told = [one, one]; // as listed at the edge of two windows
    expect(await gaps.findUndelivered(told)).toEqual({ webhook_undelivered: 1 });
    const [gap] = await gaps.due(1);
    if (gap === undefined) throw new Error('nothing is due');
    await gaps.postpone(gap, [eventKey], new Date());
    await gaps.close(gap, 'arrived');
    expect(await gaps.findUndelivered(told)).toEqual({});
    const restoredAt = new Date(Date.now() + 1);
    expect(await gaps.findLost(told, restoredAt)).toEqual({ webhook_undelivered: 1 });
    expect(await gaps.due(2)).toMatchObject([{ key: eventKey, asked: 0, resent: [] }]);
    expect(await gaps.findLost(told, new Date(restoredAt.getTime() - HOUR_MS))).toEqual({});
  });
});
