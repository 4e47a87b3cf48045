import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDataSource } from '../../src/platform';
import { seedPolicy } from '../../src/policy/seed-policy';
import { throwawayDirectory } from '../support/data-directory';
import { engineFile } from '../support/engine-file';
import { latch } from '../support/scripted-qi';
import { waitFor } from '../support/wait-for';
import { newCpf, proposalRequest } from '../support/webhooks';
import { FaultWorld, pause } from './fault-world';

const CONCURRENCY = 16;

describe('more auctions at once than can be answered at once', () => {
  let world: FaultWorld;
  beforeAll(async () => {
    world = await FaultWorld.start({
      ARREMATE_ENGINE_FILE: engineFile({ auction: { concurrency: CONCURRENCY } }),
    });
    await world.request(randomUUID()).then((key) => world.auctionBecomes(key, 'bid')); // warm
  });
  afterAll(() => world.end());

  it('sends those with the earliest limit first, whatever their order of arrival', async () => {
    const windows = Array.from({ length: 150 }, (_, nth) => [90, 60, 30][nth % 3] ?? 0);
    const windowOf = new Map(windows.map((seconds) => [randomUUID() as string, seconds]));
    const { released, release } = latch();
    world.qi.script = () => ({ kind: 'accept_when', released });
    const before = world.qi.received.length;

    await Promise.all([...windowOf].map(([key, windowSeconds]) => world.request(key, { windowSeconds })));
    release();
    await world.qiHas(before + windows.length);

    const sent = world.qi.received.slice(before).map(({ requestKey }) => windowOf.get(requestKey));
    const queued = sent.slice(CONCURRENCY);
    const late = queued.filter((seconds, at) =>
      queued.slice(at + 1).some((later) => (later ?? 0) < (seconds ?? 0)),
    );
    expect(late.length).toBeLessThanOrEqual(CONCURRENCY);
    expect((await world.auctionsByStatus())['missed']).toBeUndefined();
    await world.audit();
  }, 30_000);

  it('gives up at once what cannot be in time, and says why', async () => {
    world.qi.script = () => ({ kind: 'accept' });
    const before = world.qi.received.length;
    // Less than is kept back for the network.
    const hopeless = await Promise.all(
      Array.from({ length: 10 }, () => world.request(randomUUID(), { windowSeconds: 0.2 })),
    );
    const rows = await waitFor(
      'their end',
      async () => {
        const { rows: ended } = await world.sql.query<{ status: string; status_reason: string }>(
          `SELECT status, status_reason FROM auction
           WHERE issuer_proposal_request_key = ANY ($1) AND status NOT IN ('open', 'bidding')`,
          [hopeless],
        );
        return ended.length === hopeless.length ? ended : undefined;
      },
      { timeoutMs: 10_000 },
    );
    for (const { status, status_reason } of rows) {
      expect(status).toBe('missed');
      expect(status_reason).toMatch(/^(too_late_to_decide|too_late_to_send|no_time)$/);
    }
    expect(world.qi.received).toHaveLength(before);
    await world.audit();
  });

  it('wins all that fits when not all of it does: no slot is spent on what comes too late', async () => {
    // 16 at once, 800 ms each: some 100 of the 200 fit before the margins of the limit, a third of them on a slow machine.
    world.qi.script = () => ({ kind: 'accept_when', released: pause(800) });
    const keys = Array.from({ length: 200 }, () => randomUUID());
    const before = world.qi.received.length;
    // The same limit for all, however long pushing them takes.
    const requests = keys.map((key) => proposalRequest({ key, cpf: newCpf(), windowSeconds: 6 }));
    await Promise.all(requests.map((request) => world.push(request)));
    const ended = await waitFor(
      'the end of all',
      async () => {
        const { rows } = await world.sql.query<{ status: string; count: number }>(
          `SELECT status, count(*)::int FROM auction WHERE issuer_proposal_request_key = ANY ($1) GROUP BY status`,
          [keys],
        );
        const counts = Object.fromEntries(rows.map(({ status, count }) => [status, count]));
        return (counts['bid'] ?? 0) + (counts['missed'] ?? 0) === keys.length ? counts : undefined;
      },
      { timeoutMs: 15_000 },
    );
    // Slots were used again; how many of them depends on the machine.
    expect(ended['bid']).toBeGreaterThan(CONCURRENCY);
    expect(world.qi.received.length - before).toBe(ended['bid']);
    world.qi.script = () => ({ kind: 'accept' });
    const next = await world.request(randomUUID());
    await world.auctionBecomes(next, 'bid');
    await world.audit();
  }, 40_000);
});

/** The seed policy, which also bids after the limit. */
async function bidsLate(databaseUrl: string): Promise<void> {
  const seed = JSON.parse(readFileSync('config/policies/default.json', 'utf8')) as {
    readonly limits: object;
    readonly pricing: { readonly table: string };
  };
  const late_bidding = { enabled: true, limits: seed.limits, table: seed.pricing.table };
  const file = join(throwawayDirectory('arremate-policy-'), 'policy.json');
  writeFileSync(file, JSON.stringify({ ...seed, late_bidding, test_cases: [] }));
  const dataSource = await createDataSource(databaseUrl, { poolSize: 1 }).initialize();
  try {
    await dataSource.transaction((tx) => seedPolicy(tx, file, new Date()));
  } finally {
    await dataSource.destroy();
  }
}

describe('more auctions than can be answered before their limits, under a policy that also bids late', () => {
  let world: FaultWorld;
  beforeAll(async () => {
    world = await FaultWorld.start(
      { ARREMATE_ENGINE_FILE: engineFile({ auction: { concurrency: 4 } }) },
      (_, databaseUrl) => bidsLate(databaseUrl),
    );
  });
  afterAll(() => world.end());

  const lateAmong = async (keys: readonly string[]): Promise<number> => {
    const { rows } = await world.sql.query<{ late: number }>(
      `SELECT count(*)::int AS late FROM bid JOIN auction ON issuer_proposal_request_key = auction_key
       WHERE auction_key = ANY ($1) AND submit_by > inclusion_limit_at`,
      [keys],
    );
    return rows[0]?.late ?? 0;
  };

  it('sends what can be in time before what is late already', async () => {
    // 8 a second: half of the short ones are in time, and nobody would be until long after the others' limit.
    world.qi.script = () => ({ kind: 'accept_when', released: pause(500) });
    const keysOf = (count: number) => Array.from({ length: count }, () => randomUUID() as string);
    const [short, long] = [keysOf(60), keysOf(8)];
    await Promise.all([
      ...short.map((key) => world.request(key, { windowSeconds: 4 })),
      ...long.map((key) => world.request(key, { windowSeconds: 7 })),
    ]);
    await waitFor(
      'the end of all',
      async () => {
        const { open = 0, bidding = 0, ...ended } = await world.auctionsByStatus();
        const count = Object.values(ended).reduce((sum, some) => sum + some, 0);
        return open + bidding === 0 && count === short.length + long.length ? true : undefined;
      },
      { timeoutMs: 40_000 },
    );

    expect(await lateAmong(short)).toBeGreaterThan(0);
    expect(await lateAmong(long)).toBe(0);
    await world.audit();
  }, 60_000);
});
