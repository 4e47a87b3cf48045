import { randomUUID } from 'node:crypto';
import { audit } from '../support/auditor';
import { CommitGate } from '../support/commit-gate';
import { times } from '../support/repetitions';
import { latch } from '../support/scripted-qi';
import { waitFor } from '../support/wait-for';
import { endOfAuction, newCpf, proposalRequest } from '../support/webhooks';
import { AuctionWorld } from './auction-world';

const ROUNDS = times(5, 20);

/**
 * Power cuts. Gates in the database hold the service still at an exact commit; then it is killed with SIGKILL, its
 * connections are cut as a dying machine would cut them, and it is started again.
 *
 * One cut hits four auctions, each at another point: acknowledged and no more, bid SENDING with the POST at QI, answered
 * by QI but not recorded, and back at INTENDED because QI asked to come again later.
 */
describe(`kill -9, ${ROUNDS} times at each of four points`, () => {
  let world: AuctionWorld;
  let decided: CommitGate;
  let accepted: CommitGate;
  beforeAll(async () => {
    world = await AuctionWorld.start();
    const { sql, database } = world;
    decided = await CommitGate.build(sql, database.url, 'decision', 'true');
    accepted = await CommitGate.build(sql, database.url, 'bid', `NEW.status = 'accepted'`);
  });
  afterAll(async () => {
    await Promise.all([decided.end(), accepted.end()]);
    await world.end();
  });

  it('loses no auction and never bids twice', async () => {
    for (let round = 0; round < ROUNDS; round += 1) await cutPowerOnce();
    const { rows } = await world.sql.query(
      `SELECT FROM auction WHERE status IN ('open', 'bidding', 'missed', 'parked')`,
    );
    expect(rows).toHaveLength(0);
    const { received } = world.qi;
    expect(new Set(received.map(({ controlKey }) => controlKey)).size).toBe(4 * ROUNDS);
    // Only what QI had asked to come again came twice.
    expect(received).toHaveLength(5 * ROUNDS);
    await audit(world.sql, world.qi);
  }, 300_000);

  async function cutPowerOnce(): Promise<void> {
    const acknowledged = randomUUID();
    const sending = randomUUID();
    const answered = randomUUID();
    const intended = randomUUID();
    const { released, release } = latch();
    world.qi.script = ({ requestKey }, nth) => {
      if (requestKey === sending) return { kind: 'take_and_hang' };
      if (requestKey === answered) return { kind: 'accept_when', released };
      if (requestKey === intended && nth === 1)
        return { kind: 'answer', status: 429, body: '{}', headers: { 'retry-after': '2' } };
      return { kind: 'accept' };
    };

    for (const key of [sending, answered, intended]) {
      await pushRequest(key);
      await waitFor('the POST', () => world.qi.proposalsFor(key)[0]);
    }
    await waitFor('INTENDED', async () =>
      (await world.bidStatuses(intended))[0] === 'intended' ? true : undefined,
    );
    await accepted.shut();
    release();
    await accepted.holds();
    await decided.shut();
    await pushRequest(acknowledged);
    await decided.holds();

    await world.service.kill();
    await world.endConnections();
    await Promise.all([accepted.open(), decided.open()]);
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
});
