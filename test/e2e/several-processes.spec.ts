import { randomUUID } from 'node:crypto';
import type { ServiceProcess } from '../support/service-process';
import { waitFor } from '../support/wait-for';
import { newCpf, proposalRequest } from '../support/webhooks';
import { FaultWorld, pause } from './fault-world';

const AUCTIONS = 200;
const A_SECOND = 50;

/** What a process finds that comes after an outage; how often it looked, and how much it then took, as long as that was all. */
const LEFT = 1_500;
const SWEEP_MS = 1_250;
const MOST_WITH_A_BEAT = 128;

describe('three processes on one database', () => {
  let world: FaultWorld;
  let doors: ServiceProcess[];
  beforeAll(async () => {
    world = await FaultWorld.start();
    doors = [world.service, await world.join(), await world.join()];
  });
  afterAll(() => world.end());

  it(`carry ${AUCTIONS} auctions to their end, one of them killed among it`, async () => {
    world.qi.script = () => ({ kind: 'accept_when', released: pause(30) });
    const acknowledged: string[] = [];
    const deliver = async (nth: number): Promise<void> => {
      const request = proposalRequest({ key: randomUUID(), cpf: newCpf(), windowSeconds: 20 });
      // As QI does: whoever does not say 200 is asked again, and its neighbour answers.
      for (let attempt = nth; ; attempt += 1) {
        const status = await doors[attempt % doors.length]
          ?.post('/webhooks/qi', request)
          .then((answer) => answer.status)
          .catch(() => 503);
        if (status === 200) break;
        await pause(50);
      }
      acknowledged.push(String(request['key']));
    };
    const deliveries: Promise<void>[] = [];
    for (let nth = 0; nth < AUCTIONS; nth += 1) {
      deliveries.push(deliver(nth));
      if (nth === AUCTIONS / 2) void world.service.kill();
      await pause(1_000 / A_SECOND);
    }
    await Promise.all(deliveries);

    const statuses = await waitFor('the end of all', async () => {
      const { open = 0, bidding = 0, ...ended } = await world.auctionsByStatus();
      const count = Object.values(ended).reduce((sum, some) => sum + some, 0);
      return open + bidding === 0 && count >= AUCTIONS ? ended : undefined;
    });
    expect(acknowledged).toHaveLength(AUCTIONS);
    // What the dead one had sent and not recorded is unknown; everything else is bid.
    expect(Object.keys(statuses).filter((status) => !['bid', 'unknown'].includes(status))).toEqual([]);
    const keys = world.qi.received.map(({ requestKey }) => requestKey);
    expect(keys).toHaveLength(new Set(keys).size);
    await world.audit();
  }, 40_000);

  it('applies at once what stands there in thousands, and not so many with each beat of the sweep', async () => {
    const web = await world.join({ ARREMATE_ROLE: 'web' }); // it stores and applies nothing
    for (const door of doors) if (door.isRunning) await door.stop();
    const keys = Array.from({ length: LEFT }, () => randomUUID());
    await Promise.all(keys.map((key) => web.post('/webhooks/qi', proposalRequest({ key, cpf: newCpf() }))));
    await world.service.restart();
    const startedAt = performance.now();
    const left = async (): Promise<number> => {
      const { rows } = await world.sql.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM webhook_event WHERE status = 'new'`,
      );
      return rows[0]?.n ?? 0;
    };
    await waitFor('all to be applied', async () => ((await left()) === 0 ? true : undefined), {
      timeoutMs: 30_000,
    });
    const beats = (performance.now() - startedAt) / SWEEP_MS;
    expect(LEFT / beats).toBeGreaterThan(MOST_WITH_A_BEAT);
  }, 60_000);
});
