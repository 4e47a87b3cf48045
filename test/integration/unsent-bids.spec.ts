import { randomUUID } from 'node:crypto';
import { writeAuction, writeBid } from '../support/bids';
import { createAccessWorld, type AccessWorld } from './access-world';

/** As its auction, and the search, have it. */
describe('a bid that QI did not take was sent', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld({ ARREMATE_ROLE: 'web' });
  });
  afterAll(() => world.close());

  const AT = '2026-11-28T15:00:00.000Z';
  /** @param tries the details of its POSTs */
  const shown = async (status: string, ...tries: readonly string[]) => {
    const [key, requestControlKey] = [randomUUID(), randomUUID()];
    await writeAuction(world.dataSource, key);
    await writeBid(world.dataSource, { requestControlKey, auctionKey: key, rate: '0.02', amount: 100 });
    await world.dataSource.query(
      `UPDATE bid SET status = $2, submitted_at = $3 WHERE request_control_key = $1`,
      [requestControlKey, status, AT],
    );
    for (const [at, detail] of tries.entries())
      await world.dataSource.query(
        `INSERT INTO bid_attempt (request_control_key, ordinal, sent_at, answered_at, outcome, detail)
         VALUES ($1, $2, now(), now(), 'not_taken', $3)`,
        [requestControlKey, at + 1, detail],
      );
    const reader = world.as(await world.tokenFor('viewer'));
    const one = await reader('GET', `/api/v1/auctions/${key}`);
    const found = await reader('GET', '/api/v1/history/auctions');
    return [
      (one.body['bids'] as { readonly submitted_at: string | null }[]).map((bid) => bid.submitted_at),
      (found.body['items'] as { issuer_proposal_request_key: string; submitted_at: string | null }[])
        .filter((row) => row.issuer_proposal_request_key === key)
        .map((row) => row.submitted_at),
    ];
  };

  it.each([
    ['when QI refused it at its door', 'withdrawn', ['HTTP 429', 'circuit_open'], AT],
    ['never, where the circuit was open from the start', 'withdrawn', ['circuit_open'], null],
    ['never, where nothing was tried', 'withdrawn', [], null],
    ['never yet, while it waits for the circuit', 'intended', ['circuit_open'], null],
    ['as far as anybody knows, where a process died with it', 'unknown', [], AT],
    ['when it was, of a bid that QI took', 'accepted', [], AT],
  ] as const)('%s', async (_, status, tries, at) => {
    expect(await shown(status, ...tries)).toEqual([[at], [at]]);
  });
});
