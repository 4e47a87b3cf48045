import { randomUUID } from 'node:crypto';
import { engineFile } from '../support/engine-file';
import { GROWN, growTables, rowsReadInSequence } from '../support/grown-tables';
import { endOfAuction } from '../support/webhooks';
import { FaultWorld, pause } from './fault-world';

const AUCTIONS = 100_000;
const WATCHED_MS = 3_000;
/** A server process tells its figures once a second at most, and once more when it comes to rest. */
const FIGURES_AFTER_MS = 1_500;

describe(`a database with ${AUCTIONS} auctions behind it`, () => {
  let world: FaultWorld;
  beforeAll(async () => {
    // What runs in minutes runs in seconds.
    const engine = engineFile({
      reconciliation: { every_seconds: 1 },
      operation: { sweep_ms: 500 },
      notifications: { sweep_ms: 200 },
    });
    world = await FaultWorld.start({ ARREMATE_ENGINE_FILE: engine }, (sql) => growTables(sql, AUCTIONS));
  }, 90_000);
  afterAll(() => world.end());

  it('is read from end to end by no periodic statement and by none of an auction', async () => {
    await pause(FIGURES_AFTER_MS);
    const before = await rowsReadInSequence(world.sql);
    const end = performance.now() + WATCHED_MS;
    for (let nth = 0; performance.now() < end; nth += 1) {
      world.qi.script = () => (nth % 5 === 4 ? { kind: 'take_and_cut' } : { kind: 'accept' });
      const key = await world.request(randomUUID());
      await world.auctionBecomes(key, nth % 5 === 4 ? 'unknown' : 'bid');
      const proposalKey = world.qi.proposalsFor(key)[0]?.proposalKey ?? '';
      const operationKey = nth % 2 === 0 ? randomUUID() : null;
      await world.push(endOfAuction({ requestKey: key, proposalKey, operationKey }));
    }
    await pause(FIGURES_AFTER_MS);
    const after = await rowsReadInSequence(world.sql);
    // The stated rate: a table is read whole as soon as one statement does so once.
    const readWhole = GROWN.filter(
      (table) => (after.get(table) ?? 0) - (before.get(table) ?? 0) >= AUCTIONS / 2,
    );
    expect(readWhole).toEqual([]);
  }, 30_000);
});
