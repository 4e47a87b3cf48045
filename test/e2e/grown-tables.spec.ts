import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { engineFile } from '../support/engine-file';
import { migrate } from '../../src/platform/database/migrate';
import { GROWN, growTables, rowsReadInSequence } from '../support/grown-tables';
import { releasedMigrations } from '../support/released-schema';
import { ServiceProcess } from '../support/service-process';
import { endOfAuction } from '../support/webhooks';
import { applyMigrations } from '../../src/platform/database/apply-migrations';
import { asService } from '../support/test-database';
import { FaultWorld, pause } from './fault-world';

const AUCTIONS = 100_000;
const WATCHED_MS = 3_000;
/** A server process tells its figures once a second at most, and once more when it comes to rest. */
const FIGURES_AFTER_MS = 1_500;

describe(`a database of the last release with ${AUCTIONS} auctions behind it`, () => {
  let world: FaultWorld;
  beforeAll(async () => {
    // What runs in minutes runs in seconds.
    const engine = engineFile({
      reconciliation: { every_seconds: 1 },
      operation: { sweep_ms: 500 },
      notifications: { sweep_ms: 200 },
    });
    world = await FaultWorld.start({ ARREMATE_ENGINE_FILE: engine }, prepare, 'nothing');
  }, 90_000);
  afterAll(() => world.end());

  async function prepare(sql: Pool, databaseUrl: string): Promise<void> {
    await migrate(
      databaseUrl,
      { info: () => undefined, warn: console.warn },
      { migrations: releasedMigrations },
    );
    await growTables(sql, AUCTIONS);
    // As its owner: the last release gave nobody else any rights.
    const env = { ARREMATE_MIGRATE: '0', DATABASE_URL: databaseUrl };
    const unmigrated = { databaseUrl, qiBaseUrl: 'http://127.0.0.1:9', env };
    await expect(ServiceProcess.start(unmigrated)).rejects.toThrow(
      'The database is too old for this release',
    );
    // As `npm run migrate` does with an owner's address: the service's own role may change nothing.
    await applyMigrations(
      { url: asService(databaseUrl), ownerUrl: databaseUrl },
      { info: () => undefined, warn: console.warn },
    );
  }

  it('is migrated, and read from end to end by no periodic statement and by none of an auction', async () => {
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
