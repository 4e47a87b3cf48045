import { randomUUID } from 'node:crypto';
import { CommitGate } from '../support/commit-gate';
import { engineFile } from '../support/engine-file';
import { latch } from '../support/scripted-qi';
import { waitFor } from '../support/wait-for';
import { newCpf, proposalRequest } from '../support/webhooks';
import { FaultWorld, pause } from './fault-world';

const ACKNOWLEDGE_WITHIN_MS = 300;
/** Longer than that, shorter than what makes a process look dead (1,500 ms). */
const HELD_MS = 700;
const MARGIN_REFUSED = JSON.stringify({
  code: 'QIT000001',
  description: 'installment face value is greater than consigned credit balance',
});

describe('PostgreSQL is away for a moment, and the process lives on', () => {
  let world: FaultWorld;
  let smaller: CommitGate;
  beforeAll(async () => {
    const engine = engineFile({ inbox: { acknowledge_within_ms: ACKNOWLEDGE_WITHIN_MS } });
    world = await FaultWorld.start({ ARREMATE_ENGINE_FILE: engine });
    await world.request(randomUUID()).then((key) => world.auctionBecomes(key, 'bid')); // warm
    smaller = await CommitGate.build(world.sql, world.database.url, 'bid', 'NEW.ordinal = 2');
  });
  beforeEach(() => {
    world.qi.script = () => ({ kind: 'accept' });
  });
  afterAll(async () => {
    await smaller.end();
    await world.end();
  });

  it.each([
    ['cut for 0.9 s, less than its leases hold', 'cut', 900],
    ['cut for 3 s, longer than its leases hold', 'cut', 3_000],
    ['silent for 3 s', 'goSilent', 3_000],
  ] as const)(
    'records every acceptance that QI gave while the database was %s',
    async (_, fail, awayMs) => {
      const before = world.qi.received.length;
      const { released, release } = latch();
      world.qi.script = () => ({ kind: 'accept_when', released });
      const keys = await Promise.all(Array.from({ length: 8 }, () => world.request(randomUUID())));
      await world.qiHas(before + 8);

      world.network[fail]();
      release();
      await pause(awayMs);
      world.network.passOn();

      for (const key of keys) {
        await world.auctionBecomes(key, 'bid', 5_000);
        await world.bidBecomes(key, 'accepted');
      }
      expect(world.qi.received).toHaveLength(before + 8);
      await world.audit();
    },
    20_000,
  );

  it.each(['client', 'server'] as const)(
    "bids on a request whose commit took too long for its 503 (%s's bytes held), repeated or not",
    async (side) => {
      const [repeated, once] = [randomUUID(), randomUUID()].map((key) =>
        proposalRequest({ key, cpf: newCpf() }),
      );
      world.network.hold(side);
      expect(await Promise.all([repeated, once].map((webhook) => world.push(webhook)))).toEqual([503, 503]);
      await pause(HELD_MS - ACKNOWLEDGE_WITHIN_MS);
      world.network.passOn();
      await pause(200);

      expect(await world.push(repeated)).toBe(200);
      for (const webhook of [repeated, once]) {
        await world.auctionBecomes(String(webhook?.['key']), 'bid', 5_000);
      }
      await world.audit();
    },
    20_000,
  );

  /** The first bid is refused for its margin; the smaller one is about to be committed, once the gate opens. */
  async function withSmallerBidAtItsCommit(): Promise<string> {
    world.qi.script = (_, nth) =>
      nth === 1 ? { kind: 'answer', status: 400, body: MARGIN_REFUSED } : { kind: 'accept' };
    await smaller.shut();
    const key = await world.request(randomUUID());
    await smaller.holds();
    return key;
  }

  it('sends the smaller bid whose commit nobody heard of', async () => {
    const key = await withSmallerBidAtItsCommit();
    world.network.hold('server');
    await smaller.open();
    await world.bidBecomes(key, 'intended');
    world.network.cut();
    world.network.passOn();

    await world.auctionBecomes(key, 'bid');
    expect(await world.bidStatuses(key)).toEqual(['rejected', 'accepted']);
    expect(await world.exposureOf(key)).toEqual(['released', 'reserved']);
    await world.audit();
  });

  it('knows whether there is a smaller bid only when its commit is over', async () => {
    const key = await withSmallerBidAtItsCommit();
    world.network.cut();
    world.network.passOn();
    await pause(200);
    await smaller.open();

    // The server may have noticed by then that nobody is there, and have undone it.
    const ends = await waitFor('the end of the auction', async () => {
      const status = await world.auctionStatus(key);
      return status === 'bidding' ? undefined : [status, ...(await world.bidStatuses(key))];
    });
    expect([
      ['bid', 'rejected', 'accepted'],
      ['rejected', 'rejected'],
    ]).toContainEqual(ends);
    await world.audit();
  });
});
