import { publishUnderLoad } from '../support/publish-under-load';
import { ServiceProcess } from '../support/service-process';
import { SandboxWorld } from './sandbox-world';

/** Of the auctions, those that may end undecided where the machine has no time for their window; the campaign allows none. */
const MOST_MISSED = 0.05;

describe('policies published under load', () => {
  let world: SandboxWorld;
  let second: ServiceProcess;
  beforeAll(async () => {
    world = await SandboxWorld.start({});
    second = await ServiceProcess.start({
      databaseUrl: world.database.url,
      qiBaseUrl: world.sandbox.url,
    });
  });
  afterAll(async () => {
    await second.stop();
    await world.end();
  });

  it('decides each auction by one version that had been put in force, in two processes, and makes each again byte for byte', async () => {
    const { sandbox, service, sql } = world;
    const figures = await publishUnderLoad(
      { sandbox, services: [service, second], sql },
      { perSecond: 30, activations: 12, everyMs: 150 },
    );
    expect(figures.auctions).toBeGreaterThan(50);
    const { missed = 0, ...otherwise } = figures.undecided;
    process.stdout.write(`${figures.auctions} auctions, ${missed} of them missed\n`);
    expect(missed).toBeLessThanOrEqual(figures.auctions * MOST_MISSED);
    expect(otherwise).toEqual({});
    expect(figures).toMatchObject({ decisions: figures.auctions - missed, early: 0, not_identical: 0 });
    expect(Object.keys(figures.by_version)).toEqual(['1', '2', '3']);
    expect(figures.bids).toBeGreaterThan(0);
  }, 180_000);
});
