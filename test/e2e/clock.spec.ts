import { randomUUID } from 'node:crypto';
import { skewDatabase } from '../support/skewed-database';
import { waitFor } from '../support/wait-for';
import { newCpf, proposalRequest } from '../support/webhooks';
import { AuctionWorld } from './auction-world';

describe('a process whose clock is wrong', () => {
  let world: AuctionWorld;
  beforeAll(async () => {
    world = await AuctionWorld.start();
  });
  afterAll(() => world.end());

  const becomesOff = (off: 'yes' | null) =>
    waitFor(`the clock to be off: ${String(off)}`, async () => {
      const { body } = await world.service.get('/health/ready');
      return (body as { clock?: { off: unknown } }).clock?.off === off ? true : undefined;
    });
  const databaseNow = async (): Promise<number> => {
    const { rows } = await world.sql.query<{ now: Date }>(`SELECT skew.clock_timestamp() AS now`);
    return rows[0]?.now.getTime() ?? 0;
  };
  const receivedAt = async (key: string): Promise<number> => {
    const { rows } = await world.sql.query<{ received_at: Date }>(
      `SELECT received_at FROM auction WHERE issuer_proposal_request_key = $1`,
      [key],
    );
    return rows[0]?.received_at.getTime() ?? 0;
  };
  const push = (windowSeconds: number): string => {
    const key = randomUUID();
    void world.push(proposalRequest({ key, cpf: newCpf(), windowSeconds }));
    return key;
  };

  it('decides nothing, goes by the database in what it writes, says so, and decides again once it is right', async () => {
    await skewDatabase(world.sql, 5);
    await becomesOff('yes');
    const began = await databaseNow();
    const missed = push(7);
    await waitFor('the auction to be missed', async () => {
      const { rows } = await world.sql.query<{ status_reason: string }>(
        `SELECT status_reason FROM auction WHERE issuer_proposal_request_key = $1 AND status = 'missed'`,
        [missed],
      );
      return rows[0]?.status_reason === 'clock_off' ? true : undefined;
    });
    expect(await receivedAt(missed)).toBeGreaterThanOrEqual(began);
    expect((await world.service.get('/api/v1/troubles')).body).toMatchObject({
      items: [{ kind: 'clock_off', count: 1 }],
    });
    expect(String((await world.service.get('/metrics')).body)).toContain('arremate_clock_off 1');

    await skewDatabase(world.sql, 0);
    await becomesOff(null);
    await world.auctionBecomes(push(30), 'bid');
    expect(world.qi.received).toHaveLength(1);
  }, 60_000);
});
