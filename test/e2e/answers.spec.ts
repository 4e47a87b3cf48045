import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { engineFile } from '../support/engine-file';
import { waitFor } from '../support/wait-for';
import { endOfAuction } from '../support/webhooks';
import { FaultWorld } from './fault-world';

const CONCURRENCY = 64;

describe('answers of QI that leave something open', () => {
  let world: FaultWorld;
  beforeAll(async () => {
    // The circuit would hide what Retry-After does.
    world = await FaultWorld.start({
      ARREMATE_ENGINE_FILE: engineFile({
        qi: { breaker_failures: 100_000 },
        auction: { concurrency: CONCURRENCY },
      }),
    });
  });
  beforeEach(() => {
    world.qi.script = () => ({ kind: 'accept' });
  });
  afterAll(() => world.end());

  it.each([
    ['lost', null, 'unproven', 'released'],
    ['won', randomUUID(), 'accepted', 'committed'],
  ])(
    'an end as %s makes of a bid that nobody answered for what it proves',
    async (status, operationKey, bid, exposure) => {
      world.qi.script = () => ({ kind: 'take_and_cut' });
      const key = await world.request(randomUUID());
      await world.auctionBecomes(key, 'unknown');
      const proposalKey = world.qi.proposalsFor(key)[0]?.proposalKey ?? '';
      expect(await world.push(endOfAuction({ requestKey: key, proposalKey, operationKey }))).toBe(200);
      await world.auctionBecomes(key, status);
      expect(await world.bidStatuses(key)).toEqual([bid]);
      expect(await world.exposureOf(key)).toEqual([exposure]);
      await world.audit();
    },
  );

  it('an end told to every partner, which names no proposal, settles such a bid as lost', async () => {
    world.qi.script = () => ({ kind: 'take_and_cut' });
    const key = await world.request(randomUUID());
    await world.auctionBecomes(key, 'unknown');
    const lost = endOfAuction({ requestKey: key, proposalKey: randomUUID(), operationKey: null });
    const data = { ...(lost['data'] as object), auction_proposal_key: null };
    expect(await world.push({ ...lost, key: null, data })).toBe(200);
    await world.auctionBecomes(key, 'lost');
    expect(await world.bidStatuses(key)).toEqual(['unproven']);
    expect(await world.exposureOf(key)).toEqual(['released']);
    await world.audit();
  });

  it('a Retry-After beyond the limit ends the bid, and holds no place', async () => {
    const busy = new Set<string>(Array.from({ length: CONCURRENCY }, () => randomUUID()));
    world.qi.script = ({ requestKey }) =>
      busy.has(requestKey)
        ? { kind: 'answer', status: 429, body: '{}', headers: { 'retry-after': '60' } }
        : { kind: 'accept' };
    await Promise.all([...busy].map((key) => world.request(key, { windowSeconds: 6 })));
    await waitFor('all of them to be refused', () =>
      [...busy].every((key) => world.qi.proposalsFor(key).length > 0) ? true : undefined,
    );

    const fresh = await world.request(randomUUID());
    await world.auctionBecomes(fresh, 'bid');
    const { rows } = await waitFor(
      'an end of those that were to wait',
      async () => {
        const result = await world.sql.query<{ status: string; named: boolean }>(
          `SELECT DISTINCT status, status_reason IS NOT NULL AS named FROM auction
           WHERE issuer_proposal_request_key = ANY ($1)`,
          [[...busy]],
        );
        return result.rows.some(({ status }) => ['open', 'bidding'].includes(status)) ? undefined : result;
      },
      { timeoutMs: 10_000 },
    );
    expect(rows).toEqual([{ status: 'missed', named: true }]);
    await world.audit();
  }, 20_000);
});

describe('a QI that takes nothing for a while', () => {
  const BREAKER_MS = 300;
  let world: FaultWorld;
  beforeAll(async () => {
    world = await FaultWorld.start({
      ARREMATE_ENGINE_FILE: engineFile({
        qi: { breaker_half_open_ms: BREAKER_MS },
        auction: { max_attempts: 2, retry_max_ms: 400 },
      }),
    });
  });
  afterAll(() => world.end());

  it('gets every bid when it is there again, and is hardly asked meanwhile', async () => {
    const keys = Array.from({ length: 12 }, () => randomUUID());
    world.qi.script = () => ({ kind: 'answer', status: 429, body: '{}', headers: {} });
    await Promise.all(keys.map((key) => world.request(key, { windowSeconds: 30 })));
    await setTimeout(8 * BREAKER_MS);
    const asked = keys.flatMap((key) => world.qi.proposalsFor(key)).length;
    // Each at once, before the circuit is open; then one in each pause.
    expect(asked).toBeLessThanOrEqual(keys.length + 8 + 3);

    world.qi.script = () => ({ kind: 'accept' });
    for (const key of keys) await world.auctionBecomes(key, 'bid');
    await world.audit();
  }, 40_000);
});
