import { randomUUID } from 'node:crypto';
import { guardExposure } from '../support/exposure-guard';
import { waitFor } from '../support/wait-for';
import { endOfAuction, newCpf, printed, proposalRequest } from '../support/webhooks';
import { AuctionWorld } from './auction-world';

/** 100 of these fill the seed policy's R$ 2.000.000 for one employer. */
const LARGE = {
  disbursed_issue_amount: 20_000,
  number_of_installments: 24,
  consigned_credit_balance: 10_000,
};

describe('exposure', () => {
  let world: AuctionWorld;
  beforeAll(async () => {
    world = await AuctionWorld.start();
    await guardExposure(world.sql);
  });
  afterAll(() => world.end());

  const statuses = async (): Promise<Record<string, number>> => {
    const { rows } = await world.sql.query<{ status: string; count: number }>(
      `SELECT status, count(*)::int FROM auction GROUP BY status`,
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  };
  const exposureOf = async (key: string): Promise<unknown> => {
    const { rows } = await world.sql.query(
      `SELECT status, status_reason FROM exposure WHERE auction_key = $1 ORDER BY changed_at`,
      [key],
    );
    return rows;
  };
  const used = async (): Promise<Record<string, string>> => {
    const { rows } = await world.sql.query<{ name: string; used: string }>(
      `SELECT name, sum(used) AS used FROM limit_use WHERE name IN ('per_borrower', 'per_employer', 'total') GROUP BY name`,
    );
    return Object.fromEntries(rows.map(({ name, used: sum }) => [name, sum]));
  };

  it('admits 100 of 500 auctions at once, and is never above the cap at any commit', async () => {
    const keys = Array.from({ length: 500 }, () => randomUUID());
    const requests = keys.map((key) =>
      proposalRequest({ key, cpf: newCpf(), windowSeconds: 50, facts: LARGE }),
    );
    // As QI does: what was not made durable in time comes again.
    const pushUntilTaken = async (request: unknown): Promise<void> => {
      while ((await world.push(request)) === 503) await new Promise((resolve) => setTimeout(resolve, 200));
    };
    await Promise.all(requests.map(pushUntilTaken));
    const ended = await waitFor(
      'every auction to be decided and sent',
      async () => {
        const { bid = 0, declined = 0 } = await statuses();
        return bid + declined >= 500 ? { bid, declined } : undefined;
      },
      { timeoutMs: 60_000 },
    );
    expect(ended).toEqual({ bid: 100, declined: 400 });
    expect(world.qi.received).toHaveLength(100);
    const { rows } = await world.sql.query(
      `SELECT DISTINCT reasons -> -1 ->> 'code' AS code, reasons -> -1 ->> 'observed' AS observed,
         reasons -> -1 ->> 'required' AS required, context ->> 'stopped_amount' AS stopped
       FROM decision WHERE outcome = 'no_bid'`,
    );
    expect(rows).toEqual([
      {
        code: 'EXPOSURE_PER_EMPLOYER',
        observed: 'R$ 2.020.000,00',
        required: 'até R$ 2.000.000,00',
        stopped: '20000',
      },
    ]);
    expect(await used()).toEqual({ per_borrower: '2000000', per_employer: '2000000', total: '2000000' });
  }, 90_000);

  it('is freed by a loss, committed by a win, and freed again when the loan is cancelled for good', async () => {
    const [won, lost] = world.qi.received;
    const operationKey = randomUUID();
    await world.push(
      endOfAuction({
        requestKey: won?.requestKey ?? '',
        proposalKey: won?.proposalKey ?? '',
        operationKey,
      }),
    );
    await world.push(
      endOfAuction({
        requestKey: lost?.requestKey ?? '',
        proposalKey: lost?.proposalKey ?? '',
        operationKey: null,
      }),
    );
    await world.auctionBecomes(won?.requestKey ?? '', 'won');
    await world.auctionBecomes(lost?.requestKey ?? '', 'lost');
    expect(await exposureOf(won?.requestKey ?? '')).toEqual([{ status: 'committed', status_reason: null }]);
    expect(await exposureOf(lost?.requestKey ?? '')).toEqual([{ status: 'released', status_reason: 'lost' }]);
    expect(await used()).toMatchObject({ total: '1980000' });
    await world.push({
      ...printed('private-payroll-reservation/10-webhook-debt-canceled-permanently.json'),
      key: operationKey,
    });
    await world.operationBecomes(operationKey, 'canceled_permanently');
    expect(await exposureOf(won?.requestKey ?? '')).toEqual([
      { status: 'released', status_reason: 'canceled_permanently' },
    ]);
    expect(await used()).toMatchObject({ total: '1960000' });
    const key = randomUUID();
    await world.push(proposalRequest({ key, cpf: newCpf(), facts: LARGE }));
    await world.auctionBecomes(key, 'bid');
  });

  it('makes one bid for a borrower whose requests arrive at once', async () => {
    const cpf = newCpf();
    const keys = Array.from({ length: 12 }, () => randomUUID());
    const employer = { employer_document_number: '11222333000181' };
    await Promise.all(keys.map((key) => world.push(proposalRequest({ key, cpf, facts: employer }))));
    await waitFor('all to be decided', async () => {
      const { rows } = await world.sql.query<{ outcome: string }>(
        `SELECT outcome FROM decision WHERE auction_key = ANY ($1)`,
        [keys],
      );
      if (rows.length < keys.length) return undefined;
      expect(rows.filter(({ outcome }) => outcome === 'bid')).toHaveLength(1);
      return true;
    });
  });

  it('moves to the smaller bid when the margin is refused, and is freed when that is refused too', async () => {
    const margin400 = JSON.stringify({
      code: 'QIT000001',
      description: 'installment face value is greater than consigned credit balance',
    });
    const facts = { employer_document_number: '11222333000181' };
    const [key, refused] = [randomUUID(), randomUUID()];
    world.qi.script = ({ requestKey }, nth) =>
      requestKey === key && nth === 2 ? { kind: 'accept' } : { kind: 'answer', status: 400, body: margin400 };
    await world.push(proposalRequest({ key, cpf: newCpf(), facts }));
    await world.push(proposalRequest({ key: refused, cpf: newCpf(), facts }));
    await world.auctionBecomes(key, 'bid');
    await world.auctionBecomes(refused, 'rejected');
    expect(await exposureOf(key)).toEqual([
      { status: 'released', status_reason: 'replaced' },
      { status: 'reserved', status_reason: null },
    ]);
    expect(await exposureOf(refused)).toEqual([
      { status: 'released', status_reason: 'replaced' },
      { status: 'released', status_reason: 'replaced' },
      { status: 'released', status_reason: 'rejected' },
    ]);
  });
});
