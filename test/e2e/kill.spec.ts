import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { times } from '../support/repetitions';
import { waitFor } from '../support/wait-for';
import { endOfAuction, newCpf, proposalRequest } from '../support/webhooks';
import { AuctionWorld } from './auction-world';

const ROUNDS = times(5, 20);

/**
 * Power cuts. Locks in the database hold the service still at an exact point; then it is killed with SIGKILL, its
 * connections are cut as a dying machine would cut them, and it is started again.
 *
 * One cut hits four auctions, each at another point: acknowledged and no more, bid INTENDED, bid SENDING with the POST
 * at QI, and answered by QI but not recorded.
 */
describe(`kill -9, ${ROUNDS} times at each of four points`, () => {
  let world: AuctionWorld;
  let locks: Client;
  beforeAll(async () => {
    world = await AuctionWorld.start();
    locks = new Client(world.database.url);
    await locks.connect();
  });
  afterAll(async () => {
    await locks.end();
    await world.end();
  });

  it('loses no auction and never bids twice', async () => {
    for (let round = 0; round < ROUNDS; round += 1) await cutPowerOnce();
    const { rows } = await world.sql.query(
      `SELECT FROM auction WHERE status IN ('open', 'bidding', 'missed', 'parked')`,
    );
    expect(rows).toHaveLength(0);
    const keys = world.qi.received.map(({ requestKey }) => requestKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toHaveLength(4 * ROUNDS);
  }, 300_000);

  async function cutPowerOnce(): Promise<void> {
    const [acknowledged, intended, sending, answered] = [
      randomUUID(),
      randomUUID(),
      randomUUID(),
      randomUUID(),
    ];
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    world.qi.script = ({ requestKey }) => {
      if (requestKey === sending) return { kind: 'take_and_hang' };
      return requestKey === answered ? { kind: 'accept_when', released } : { kind: 'accept' };
    };

    for (const key of [sending, answered]) {
      await pushRequest(key);
      await waitFor('the POST', () => world.qi.proposalsFor(key)[0]);
    }
    await locks.query('BEGIN');
    await locks.query('LOCK TABLE kill_switch IN ACCESS EXCLUSIVE MODE'); // stops at SENDING, which reads it
    await pushRequest(intended);
    await waitFor('INTENDED', async () =>
      (await world.bidStatuses(intended))[0] === 'intended' ? true : undefined,
    );
    await locks.query('LOCK TABLE auction IN SHARE MODE'); // stops whatever would write an auction
    await pushRequest(acknowledged);
    release();
    await waitFor('the answer to be noted', () => attemptOf(answered));

    await world.service.kill();
    await locks.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'arremate%'`,
    );
    await locks.query('ROLLBACK');
    await world.service.restart();

    const readyAt = performance.now();
    await world.auctionBecomes(acknowledged, 'bid');
    await world.auctionBecomes(intended, 'bid');
    await world.auctionBecomes(sending, 'unknown');
    await world.auctionBecomes(answered, 'unknown');
    expect(performance.now() - readyAt).toBeLessThan(2_000);

    await world.push(endOf(sending, randomUUID()));
    await world.push(endOf(answered, null));
    await world.auctionBecomes(sending, 'won');
    await world.auctionBecomes(answered, 'lost');
  }

  async function pushRequest(key: string): Promise<void> {
    expect(await world.push(proposalRequest({ key, cpf: newCpf() }))).toBe(200);
  }

  function endOf(requestKey: string, operationKey: string | null): unknown {
    const proposalKey = world.qi.proposalsFor(requestKey)[0]?.proposalKey ?? '';
    return endOfAuction({ requestKey, proposalKey, operationKey });
  }

  async function attemptOf(auctionKey: string): Promise<true | undefined> {
    const { rowCount } = await world.sql.query(
      `SELECT FROM bid_attempt JOIN bid USING (request_control_key) WHERE auction_key = $1`,
      [auctionKey],
    );
    return rowCount === 1 ? true : undefined;
  }
});
