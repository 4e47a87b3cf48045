import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { waitFor } from '../support/wait-for';
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
    // Every chart reads facts, which no auction does: they last as long as this lock.
    const lock = new Client(world.database.url);
    await lock.connect();
    await lock.query('BEGIN');
    await lock.query('LOCK TABLE history_fact IN ACCESS EXCLUSIVE MODE');
    const charts = Array.from({ length: CHARTS }, () => world.service.get('/api/v1/history/charts'));
    await pause(300);

    for (let nth = 0; nth < AUCTIONS; nth += 1) {
      await world.request(randomUUID(), { windowSeconds: 5 });
      await pause(1_000 / A_SECOND);
    }
    try {
      await waitFor(
        'all to be bid on while people still wait',
        async () => ((await world.auctionsByStatus())['bid'] === AUCTIONS + 1 ? true : undefined),
        { timeoutMs: 4_000 },
      );
    } finally {
      await lock.end();
    }

    expect(await world.auctionsByStatus()).toEqual({ bid: AUCTIONS + 1 });
    // People wait and may be told to come again.
    for (const { status } of await Promise.all(charts)) expect([200, 503]).toContain(status);
    await world.audit();
  }, 30_000);
});
