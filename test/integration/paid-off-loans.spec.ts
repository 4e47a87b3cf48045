import { createHash, randomUUID } from 'node:crypto';
import { ExposureBook, LIMIT_NAMES, type Caps } from '../../src/exposure';
import { Decimal } from '../../src/kernel';
import type { OperationEvent } from '../../src/operation/domain';
import { PaidOffWatch } from '../../src/operation/paid-off-watch.service';
import { writeAuction, writeBid, wrongCounters } from '../support/bids';
import { createWorld, disbursed, type World } from './operation-world';

const NO_CAPS = Object.fromEntries(LIMIT_NAMES.map((name) => [name, undefined])) as Caps;
const PAID_OFF: OperationEvent = { kind: 'noted', what: 'settled' };

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
afterEach(async () => {
  expect(await wrongCounters(world.dataSource.manager)).toEqual([]);
});

const auctionOf = (key: string): string => `auction-of-${key}`;

/** A bid at QI, and what it puts at risk, as the auction leaves it. */
async function bid(key: string): Promise<void> {
  const indexOf = (text: string): Buffer => createHash('sha256').update(text).digest();
  await world.dataSource.transaction(async (tx) => {
    const [requestControlKey, auctionKey] = [randomUUID(), auctionOf(key)];
    await writeAuction(tx, auctionKey);
    await writeBid(tx, { requestControlKey, auctionKey, rate: '0.02', amount: 2100 });
    const exposure = {
      requestControlKey,
      auctionKey,
      parties: { borrower: indexOf(key), employer: indexOf('employer') },
      amount: new Decimal(2100),
      monthlyInterestRate: new Decimal('0.02'),
      daysToExpiration: 7,
      decidedAt: new Date(),
      revision: '0',
    };
    await world.app.get(ExposureBook).reserveInstead(tx, exposure, NO_CAPS);
  });
}

/** As the end of the auction does it. */
async function win(key: string): Promise<void> {
  await world.dataSource.transaction((tx) => world.app.get(ExposureBook).commit(tx, auctionOf(key)));
  const [accepted] = await world.dataSource.query<{ id: string }[]>(
    `SELECT request_control_key AS id FROM bid WHERE auction_key = $1`,
    [auctionOf(key)],
  );
  await world.win(key, { requestControlKey: accepted?.id });
}

async function atRisk(key: string): Promise<unknown> {
  const [row] = await world.dataSource.query<{ status: string; status_reason: string | null }[]>(
    `SELECT exposure.status, status_reason FROM exposure JOIN operation
       ON exposure.auction_key = operation.auction_key OR exposure.request_control_key = operation.request_control_key
     WHERE credit_operation_key = $1`,
    [key],
  );
  return [row?.status, row?.status_reason];
}
/** Of the borrower, the employer, the day and in all; of the borrower alone bids are of one loan. */
async function used(name: string): Promise<number> {
  const [row] = await world.dataSource.query<{ used: string }[]>(
    `SELECT coalesce(sum(used), 0) AS used FROM limit_use WHERE name = $1`,
    [name],
  );
  return Number(row?.used);
}
const all = async () => Promise.all(['per_borrower', 'per_employer', 'per_day', 'total'].map(used));

describe('a loan that QI says is paid off is at risk no more', () => {
  it('when it was won, with its borrower, its employer, of its day and in all; how many bids were made stays', async () => {
    const [key, before] = [randomUUID(), await all()];
    await bid(key);
    await win(key);
    await world.hear(key, disbursed);
    expect([await atRisk(key), await used('bids_per_day')]).toEqual([['committed', null], 1]);
    await world.hear(key, PAID_OFF);
    expect([await atRisk(key), await used('bids_per_day')]).toEqual([['released', 'settled'], 1]);
    expect(await all()).toEqual(before);
  });

  it.each(['fgts', 'federal_payroll', 'private_payroll'])(
    'when it was issued for us (%s)',
    async (product) => {
      const [key, before] = [randomUUID(), await all()];
      await world.issue(key, product);
      await world.hear(key, disbursed, undefined, product);
      await world.hear(key, PAID_OFF, undefined, product);
      expect(await atRisk(key)).toEqual(['released', 'settled']);
      expect(await all()).toEqual(before);
    },
  );

  it('told twice, or by a webhook that comes again, is freed once', async () => {
    const [key, before] = [randomUUID(), await all()];
    await world.issue(key, 'fgts');
    const webhook = `9${Date.now()}`;
    for (const id of [webhook, webhook, undefined]) await world.hear(key, PAID_OFF, id, 'fgts');
    expect(await atRisk(key)).toEqual(['released', 'settled']);
    expect(await all()).toEqual(before);
  });

  it.each<[string, (key: string) => Promise<void>]>([
    ['the payment', (key) => world.hear(key, disbursed)],
    ['the payment, of another sum,', (key) => world.hear(key, another('2400.00'))],
    ['the return of the money', (key) => world.hear(key, { kind: 'refunded' })],
    ['a failed payment', (key) => world.hear(key, { kind: 'canceled_permanently' })],
  ])('and stays so when %s is told after it', async (_, late) => {
    const [key, before] = [randomUUID(), await all()];
    await world.issue(key, 'fgts');
    await world.hear(key, PAID_OFF, undefined, 'fgts');
    await late(key);
    expect(await atRisk(key)).toEqual(['released', 'settled']);
    expect(await all()).toEqual(before);
  });

  it('though that is told before the win, or before the issue', async () => {
    const [won, issued, before] = [randomUUID(), randomUUID(), await all()];
    await bid(won);
    for (const key of [won, issued]) await world.hear(key, PAID_OFF);
    await win(won);
    await world.issue(issued, 'fgts');
    for (const key of [won, issued]) expect(await atRisk(key)).toEqual(['released', 'settled']);
    expect(await all()).toEqual(before);
  });

  it('though a release before heard it, which let it count', async () => {
    const [won, issued, going, before] = [randomUUID(), randomUUID(), randomUUID(), await all()];
    await bid(won);
    await win(won);
    await world.issue(issued, 'fgts');
    for (const key of [won, issued])
      await world.dataSource.query(
        `INSERT INTO operation_event (credit_operation_key, kind, effect, from_status, to_status, summary, recorded_at)
         VALUES ($1, 'noted', 'noted', 'disbursed', 'disbursed', '{"what": "settled"}', now() - interval '1 year')`,
        [key],
      );
    await world.app.get(PaidOffWatch).sweep();
    for (const key of [won, issued]) expect(await atRisk(key)).toEqual(['released', 'settled']);
    expect(await all()).toEqual(before);
    await world.issue(going, 'fgts');
    await world.app.get(PaidOffWatch).sweep();
    expect(await atRisk(going)).toEqual(['committed', null]);
  });

  it('and another of the same borrower is', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    for (const key of [one, other]) await world.issue(key, 'fgts');
    await world.hear(one, PAID_OFF);
    expect([await atRisk(one), await atRisk(other)]).toEqual([
      ['released', 'settled'],
      ['committed', null],
    ]);
  });
});

const another = (amount: string): OperationEvent => ({
  kind: 'disbursed',
  payments: [
    { amount: new Decimal(amount), endToEndId: undefined, transactionKey: 'T', timestampText: undefined },
  ],
  installments: [],
});
