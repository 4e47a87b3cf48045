import { randomUUID } from 'node:crypto';
import { FieldCipher } from '../../src/platform';
import { ObservationKeeper } from '../../src/winning';
import { reserveExposure, wrongCounters, writeAuction, writeBid } from '../support/bids';
import { waitFor } from '../support/wait-for';
import { endOfAuction } from '../support/webhooks';
import { createAccessWorld, type AccessWorld } from './access-world';

const NOBODY = {
  name: null,
  cpf: null,
  birth_date: null,
  registration: null,
  employer_document_number: null,
};

/** QI took a POST that it answered with a 5xx, and its repetition: two proposals of ours, each with an end of its own. */
describe('an auction in which QI has two proposals of ours', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld();
  });
  afterAll(() => world.close());

  /** @param known of the proposal that was answered, if one was */
  async function bidding(status: 'accepted' | 'unknown', known: string | null): Promise<string> {
    const [auctionKey, requestControlKey] = [randomUUID(), randomUUID()];
    const personal = world.app
      .get(FieldCipher)
      .encrypt(JSON.stringify(NOBODY), 'auction.personal_ciphertext', auctionKey);
    await writeAuction(world.dataSource, auctionKey);
    await world.dataSource.query(
      `UPDATE auction SET status = $2, auction_proposal_key = $3, expiration_at = now() + interval '1 day',
         personal_key_id = $4, personal_ciphertext = $5 WHERE issuer_proposal_request_key = $1`,
      [auctionKey, status === 'accepted' ? 'bid' : 'unknown', known, personal.keyId, personal.ciphertext],
    );
    await writeBid(world.dataSource, { requestControlKey, auctionKey, rate: '0.02', amount: 100 });
    await world.dataSource.query(`UPDATE bid SET status = $2 WHERE request_control_key = $1`, [
      requestControlKey,
      status,
    ]);
    await reserveExposure(world.dataSource, requestControlKey, auctionKey);
    return auctionKey;
  }

  /** @returns what became of the webhook: `done`, or why it is parked */
  async function ends(requestKey: string, proposalKey: string, how: 'won' | 'lost'): Promise<string> {
    const [{ last }] = await world.dataSource.query<[{ last: string }]>(
      `SELECT coalesce(max(id), 0) AS last FROM webhook_event`,
    );
    const operationKey = how === 'won' ? randomUUID() : null;
    const hook = endOfAuction({ requestKey, proposalKey, operationKey });
    expect((await world.call('POST', '/webhooks/qi', hook)).status).toBe(200);
    return waitFor('the end to be handled', async () => {
      const [row] = await world.dataSource.query<{ told: string }[]>(
        `SELECT coalesce(reason, status) AS told FROM webhook_event WHERE id > $1 AND event_key = $2 AND status <> 'new'`,
        [last, proposalKey],
      );
      return row?.told;
    });
  }

  const standing = async (auctionKey: string): Promise<unknown> => {
    const [row] = await world.dataSource.query<unknown[]>(
      `SELECT auction.status AS auction, auction.auction_proposal_key AS proposal, bid.status AS bid,
         exposure.status AS exposure, operation.disbursed_issue_amount::int AS lent
       FROM auction JOIN bid ON bid.auction_key = issuer_proposal_request_key JOIN exposure USING (request_control_key)
       LEFT JOIN operation ON operation.auction_key = issuer_proposal_request_key
       WHERE issuer_proposal_request_key = $1`,
      [auctionKey],
    );
    return row;
  };
  const WON = { auction: 'won', bid: 'accepted', exposure: 'committed', lent: 100 };

  it.each(['accepted', 'unknown'] as const)(
    'is won by the first, though the second was lost before: the bid was %s',
    async (status) => {
      const [first, second] = [randomUUID(), randomUUID()];
      const auction = await bidding(status, status === 'accepted' ? second : null);
      expect(await ends(auction, second, 'lost')).toBe('done');
      expect(await standing(auction)).toMatchObject({ auction: 'lost', exposure: 'released' });
      expect(await ends(auction, first, 'won')).toBe('done');
      expect(await standing(auction)).toEqual({ ...WON, proposal: first });
      expect(await wrongCounters(world.dataSource)).toEqual([]);
    },
  );

  it('is learnt from as won, though it was learnt from as lost before', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const auction = await bidding('accepted', second);
    await world.dataSource.query(
      `INSERT INTO rate_model_observation (auction_key, day, decided_at, segments, cell, lane, reference_bp, rate_bp, arm, step_bp,
         propensities, amount, term, ended)
       VALUES ($1, '2026-11-30', now(), 's', 0, 'control', 200, 200, 0, 0, '{0,0,10000,0,0}', 10000, 10, 'pending')`,
      [auction],
    );
    const learnt = async (): Promise<unknown> => {
      await world.app.get(ObservationKeeper).catchUp();
      return world.dataSource.query(
        `SELECT ended, refused FROM rate_model_observation WHERE auction_key = $1`,
        [auction],
      );
    };
    await ends(auction, second, 'lost');
    expect(await learnt()).toEqual([{ ended: 'lost', refused: null }]);
    await ends(auction, first, 'won');
    expect(await learnt()).toEqual([{ ended: 'won', refused: null }]);
  });

  it('stays won by the first when the second is lost', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const auction = await bidding('accepted', second);
    expect(await ends(auction, first, 'won')).toBe('done');
    expect(await ends(auction, second, 'lost')).toBe('done');
    expect(await standing(auction)).toEqual({ ...WON, proposal: first });
    expect(await wrongCounters(world.dataSource)).toEqual([]);
  });

  it('waits for a person when a proposal that was lost has won, though the other was lost before it', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const auction = await bidding('accepted', second);
    expect(await ends(auction, first, 'lost')).toBe('done');
    expect(await ends(auction, second, 'lost')).toBe('done');
    expect(await ends(auction, second, 'won')).toBe('won_while_lost');
    expect(await standing(auction)).toMatchObject({ auction: 'lost', exposure: 'released' });
  });

  it('waits for a person when both have won: one of the two loans is too many', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const auction = await bidding('accepted', second);
    expect(await ends(auction, first, 'won')).toBe('done');
    expect(await ends(auction, second, 'won')).toBe('won_while_won');
    expect(await standing(auction)).toEqual({ ...WON, proposal: first });
  });

  it.each([
    ['lost', 'won', 'won_while_lost'],
    ['won', 'lost', 'lost_while_won'],
  ] as const)('waits for a person when one proposal was %s and then %s', async (told, then, reason) => {
    const proposal = randomUUID();
    const auction = await bidding('accepted', proposal);
    expect(await ends(auction, proposal, told)).toBe('done');
    const before = await standing(auction);
    expect(await ends(auction, proposal, then)).toBe(reason);
    expect(await standing(auction)).toEqual(before);
  });
});
