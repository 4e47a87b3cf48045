import { randomUUID } from 'node:crypto';
import { CommitGate } from '../support/commit-gate';
import { engineFile } from '../support/engine-file';
import { latch } from '../support/scripted-qi';
import { waitFor } from '../support/wait-for';
import { endOfAuction } from '../support/webhooks';
import { FaultWorld, pause } from './fault-world';

/** Shorter than what makes a process look dead (1,500 ms), so that nobody takes over. */
const STUNNED_MS = 1_200;

describe('a process is stopped at the worst moment, and wakes', () => {
  let world: FaultWorld;
  let sending: CommitGate;
  beforeAll(async () => {
    world = await FaultWorld.start();
    sending = await CommitGate.build(world.sql, world.database.url, 'bid', `NEW.status = 'sending'`);
    const other = await world.join();
    await other.get('/health/ready');
  });
  beforeEach(async () => {
    world.qi.script = () => ({ kind: 'accept' });
    await world.sql.query(`UPDATE kill_switch SET engaged = false`);
  });
  afterAll(async () => {
    await sending.end();
    await world.end();
  });

  /** SENDING is on disk, and the process that has to POST does not know it yet. */
  async function stunnedBeforeItsPost(windowSeconds: number): Promise<string> {
    await sending.shut();
    const key = await world.request(randomUUID(), { windowSeconds });
    await sending.holds();
    world.network.hold('server');
    await sending.open();
    await world.bidBecomes(key, 'sending');
    world.service.stun();
    world.network.passOn();
    return key;
  }

  async function wakesAndKeepsStill(key: string): Promise<void> {
    world.service.wake();
    await waitFor('the end of the auction', async () => {
      const status = await world.auctionStatus(key);
      return status === 'bidding' || status === 'open' ? undefined : true;
    });
    await pause(500);
    expect(world.qi.proposalsFor(key)).toEqual([]);
    await world.audit();
  }

  it('does not POST what another process has taken over', async () => {
    const key = await stunnedBeforeItsPost(30);
    await world.auctionBecomes(key, 'unknown');
    await wakesAndKeepsStill(key);
  }, 20_000);

  it('does not POST when bidding was stopped meanwhile', async () => {
    const key = await stunnedBeforeItsPost(30);
    await world.sql.query(`UPDATE kill_switch SET engaged = true`);
    await pause(STUNNED_MS);
    await wakesAndKeepsStill(key);
  }, 20_000);

  it('does not POST when the limit passed meanwhile', async () => {
    const key = await stunnedBeforeItsPost(1.4);
    await pause(STUNNED_MS);
    await wakesAndKeepsStill(key);
  }, 20_000);

  it('believes a refusal that it reads after another process called the bid unknown', async () => {
    const { released, release } = latch();
    const body = JSON.stringify({ code: 'QIT000002', description: 'the auction is closed' });
    world.qi.script = () => ({ kind: 'answer', status: 400, body, released });
    const key = await world.request(randomUUID());
    await waitFor('the POST', () => world.qi.proposalsFor(key)[0]);
    world.service.stun();
    await world.auctionBecomes(key, 'unknown');
    release();
    world.service.wake();

    await world.auctionBecomes(key, 'rejected', 5_000);
    expect(await world.bidStatuses(key)).toEqual(['rejected']);
    expect(await world.exposureOf(key)).toEqual(['released']);
    await world.audit();
  }, 20_000);

  it('lets go of what it has locked when it stands still in the middle of a transaction', async () => {
    const key = await world.request(randomUUID());
    await world.auctionBecomes(key, 'bid');
    const proposalKey = world.qi.proposalsFor(key)[0]?.proposalKey ?? '';
    const holder = await world.sql.connect();
    try {
      await holder.query('BEGIN');
      await holder.query(`SELECT FROM auction WHERE issuer_proposal_request_key = $1 FOR UPDATE`, [key]);
      await world.push(endOfAuction({ requestKey: key, proposalKey, operationKey: null }));
      await waitFor('its transaction to wait for the row', async () => {
        const { rows } = await world.sql.query<{ waits: boolean }>(
          `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
             AND cardinality(pg_blocking_pids(pid)) > 0) AS waits`,
        );
        return rows[0]?.waits === true ? true : undefined;
      });
      world.service.stun();
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }

    // The row is its own now, and it says nothing more. The other one cannot wait until it wakes.
    await world.auctionBecomes(key, 'lost', 20_000);
    world.service.wake();
    await world.audit();
  }, 40_000);
});

describe('a process is stopped while a bid that QI did not take waits, and wakes near the limit', () => {
  const windowMs = 11_000;
  /** So much before the limit nothing is sent any more; what the other process has sent may still be answered. */
  const latencyMs = 3_000;
  let world: FaultWorld;
  beforeAll(async () => {
    world = await FaultWorld.start({
      ARREMATE_ENGINE_FILE: engineFile({ auction: { initial_latency_ms: latencyMs } }),
    });
    const other = await world.join();
    await other.get('/health/ready');
  });
  afterAll(() => world.end());

  it('gives up nothing that another process is sending', async () => {
    const { released, release } = latch();
    world.qi.script = (_, nth) =>
      nth === 1
        ? { kind: 'answer', status: 429, body: '{}', headers: { 'retry-after': '2' } }
        : { kind: 'accept_when', released };
    const limitAt = Date.now() + windowMs;
    const key = await world.request(randomUUID(), { windowSeconds: windowMs / 1_000 });
    await world.bidBecomes(key, 'intended');
    world.service.stun();
    await waitFor('the POST of the other process', () => world.qi.proposalsFor(key)[1]);
    await pause(limitAt - latencyMs - Date.now());
    world.service.wake();
    await pause(STUNNED_MS);
    expect(await world.bidStatuses(key)).toEqual(['sending']);
    expect(await world.auctionStatus(key)).toBe('bidding');
    release();

    await world.auctionBecomes(key, 'bid');
    expect(await world.bidStatuses(key)).toEqual(['accepted']);
    expect(await world.exposureOf(key)).toEqual(['reserved']);
    await world.audit();
  }, 30_000);
});

describe('a process is stopped while bids that QI did not take wait, and whoever took them over dies', () => {
  const retryAfterSeconds = 12;
  let world: FaultWorld;
  beforeAll(async () => {
    world = await FaultWorld.start({
      ARREMATE_ENGINE_FILE: engineFile({ auction: { initial_latency_ms: 3_000 } }),
    });
  });
  afterAll(() => world.end());

  it('neither sends again nor gives up what that one has sent', async () => {
    const other = await world.join();
    world.qi.script = (_, nth) =>
      nth === 1
        ? { kind: 'answer', status: 429, body: '{}', headers: { 'retry-after': String(retryAfterSeconds) } }
        : { kind: 'take_and_hang' };
    const [hasTime, hasNone] = [randomUUID(), randomUUID()];
    await world.request(hasTime, { windowSeconds: 60 });
    await world.request(hasNone, { windowSeconds: retryAfterSeconds + 2 });
    const refusedAt = Date.now();
    await world.bidBecomes(hasTime, 'intended');
    await world.bidBecomes(hasNone, 'intended');
    world.service.stun();
    for (const key of [hasTime, hasNone])
      await waitFor('the POST of the other process', () => world.qi.proposalsFor(key)[1]);
    await other.kill();
    await pause(STUNNED_MS + 500); // until the other one is dead to the database as well
    world.service.wake();

    for (const key of [hasTime, hasNone]) await world.bidBecomes(key, 'unknown');
    await pause(refusedAt + (retryAfterSeconds + 2) * 1_000 - Date.now());
    for (const key of [hasTime, hasNone]) {
      expect(world.qi.proposalsFor(key)).toHaveLength(2);
      expect(await world.bidStatuses(key)).toEqual(['unknown']);
      expect(await world.exposureOf(key)).toEqual(['reserved']);
    }
    await world.audit();
  }, 60_000);
});
