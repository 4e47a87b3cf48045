import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { FaultWorld, pause } from './fault-world';

const AUCTIONS = 60;
const A_SECOND = 20;
const CHARTS = 16;

describe('people look at heavy charts', () => {
  let world: FaultWorld;
  beforeAll(async () => {
    world = await FaultWorld.start();
    await world.request(randomUUID()).then((key) => world.auctionBecomes(key, 'bid')); // warm
  });
  afterAll(() => world.end());

  it(`starves no bid and no heartbeat with ${CHARTS} of them at once`, async () => {
    // Every chart reads loans, which no auction does: they last as long as this lock.
    const lock = new Client(world.database.url);
    await lock.connect();
    await lock.query('BEGIN');
    await lock.query('LOCK TABLE operation IN ACCESS EXCLUSIVE MODE');
    const charts = Array.from({ length: CHARTS }, () => world.service.get('/api/v1/history/charts'));
    await pause(300);

    const keys: string[] = [];
    const tooLong: string[] = [];
    const seen: Promise<void>[] = [];
    for (let nth = 0; nth < AUCTIONS; nth += 1) {
      const key = randomUUID();
      keys.push(key);
      const bid = world
        .request(key, { windowSeconds: 5 })
        .then(() => world.auctionBecomes(key, 'bid', 2_000))
        .then(
          () => undefined,
          () => void tooLong.push(key),
        );
      seen.push(bid);
      await pause(1_000 / A_SECOND);
    }
    await Promise.all(seen);
    await lock.query('ROLLBACK');
    await lock.end();

    expect(tooLong).toEqual([]);
    expect(await world.auctionsByStatus()).toEqual({ bid: AUCTIONS + 1 });
    // None of them failed for want of a connection: people wait, bids do not.
    expect((await Promise.all(charts)).map(({ status }) => status)).toEqual(Array(CHARTS).fill(200));
    await world.audit();
  }, 30_000);
});
