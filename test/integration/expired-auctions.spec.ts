import { randomUUID } from 'node:crypto';
import { ExpireAuctionsService } from '../../src/auction/bidding/expire-auctions.service';
import { writeAuction } from '../support/bids';
import { refuseRow } from '../support/refused-row';
import { createAccessWorld, type AccessWorld } from './access-world';

describe('auctions whose outcome never came', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    // The service looks every ten seconds too.
    world = await createAccessWorld({ ARREMATE_ROLE: 'web' });
  });
  afterAll(() => world.close());

  it('are closed although one of them cannot be', async () => {
    const keys = [randomUUID(), randomUUID(), randomUUID()];
    const [odd = '', ...others] = keys;
    for (const [n, key] of keys.entries()) {
      await writeAuction(world.dataSource, key);
      await world.dataSource.query(
        `UPDATE auction SET status = 'unknown', expiration_at = now() - interval '2 days' + $2 * interval '1 minute'
         WHERE issuer_proposal_request_key = $1`,
        [key, n],
      );
    }
    const service = world.app.get(ExpireAuctionsService);
    const expired = async () =>
      (
        await world.dataSource.query<{ key: string }[]>(
          `SELECT issuer_proposal_request_key AS key FROM auction WHERE status = 'expired' ORDER BY expiration_at`,
        )
      ).map(({ key }) => key);
    const undo = await refuseRow(world.asOwner, {
      table: 'auction',
      column: 'issuer_proposal_request_key',
      value: odd,
    });
    await expect(service.expire()).rejects.toThrow(`1 of 3 failed: auction ${odd}: odd row`);
    expect(await expired()).toEqual(others);
    await undo();
    await service.expire();
    expect(await expired()).toEqual(keys);
  });
});
