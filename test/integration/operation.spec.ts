import { randomUUID } from 'node:crypto';
import type { OperationEvent } from '../../src/operation/domain';
import { waitFor } from '../support/wait-for';
import { createWorld, disbursed, paymentRefused, refusedFor, signedBy, type World } from './operation-world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const reaches = (key: string, status: string) =>
  waitFor(`${key} to be ${status}`, async () => ((await world.statusOf(key)) === status ? true : undefined));

describe('an operation', () => {
  it('is authorized once, reserved and disbursed', async () => {
    const key = randomUUID();
    await world.win(key);
    expect(await world.statusOf(key)).toBe('awaiting_signature');
    await world.hear(key, signedBy());
    expect(await world.statusOf(key)).toBe('signed');
    await world.hear(key, { kind: 'authorization_requested' });
    await reaches(key, 'authorized');
    await world.hear(key, { kind: 'authorization_requested' });
    await world.hear(key, refusedFor('margin_exceeded'));
    expect(await world.statusOf(key)).toBe('reservation_retrying');
    await world.hear(key, { kind: 'reservation_confirmed' });
    await world.hear(key, disbursed);
    expect(await world.statusOf(key)).toBe('disbursed');
    expect(world.desk.sent('authorize', key)).toBe(1);
    expect(await world.openTasks(key)).toEqual([]);
  });

  it('comes to the same end in any order of the win and its webhooks', async () => {
    const happyPath: (OperationEvent | 'won')[] = [
      'won',
      signedBy(),
      { kind: 'authorization_requested' },
      refusedFor('margin_exceeded'),
      { kind: 'reservation_confirmed' },
      { kind: 'noted', what: 'signature_received' },
      disbursed,
    ];
    for (let round = 0; round < 60; round += 1) {
      const key = randomUUID();
      const shuffled = happyPath
        .map((event) => ({ event, at: Math.random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ event }) => event);
      for (const event of shuffled) await (event === 'won' ? world.win(key) : world.hear(key, event));
      const order = shuffled.map((event) => (event === 'won' ? event : event.kind)).join();
      const [row] = await world.dataSource.query<unknown[]>(
        `SELECT status, origin, auction_key, disbursed_issue_amount FROM operation WHERE credit_operation_key = $1`,
        [key],
      );
      expect({ order, ...Object(row) }).toEqual({
        order,
        status: 'disbursed',
        origin: 'auction',
        auction_key: `auction-of-${key}`,
        disbursed_issue_amount: '2100',
      });
      expect(await world.openTasks(key)).toEqual([]);
      expect(world.desk.sent('authorize', key)).toBeLessThanOrEqual(1);
    }
  });

  it('applies the same webhook once, even when twenty copies come at once', async () => {
    const key = randomUUID();
    const webhookId = '900001';
    await Promise.all(Array.from({ length: 20 }, () => world.hear(key, paymentRefused(), webhookId)));
    const events = await world.dataSource.query<unknown[]>(
      `SELECT FROM operation_event WHERE credit_operation_key = $1`,
      [key],
    );
    expect(events).toHaveLength(1);
    expect(await world.openTasks(key)).toEqual(['disbursement_failed']);
  });
});

describe('a list read page by page', () => {
  const loan = async (): Promise<string> => {
    const key = randomUUID();
    await world.issue(key, 'fgts');
    return key;
  };
  const approval = async (): Promise<string> => {
    const { body } = await world.call('ana', 'POST', `/operations/${await loan()}/cancel_permanently`, {});
    return String(body['approval_id']);
  };
  const task = async (): Promise<string> => {
    const key = randomUUID();
    await world.hear(key, paymentRefused());
    const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${key}`);
    return String((body['items'] as { id: string }[])[0]?.id);
  };

  // In years that put them on the first pages.
  it.each([
    ['operations', loan, 'operation', 'credit_operation_key', 'opened_at', 2100],
    ['approvals', approval, 'approval', 'id', 'requested_at', 2100],
    ['tasks', task, 'task', 'id', 'due_at', 1900],
  ] as const)(
    'shows each of %s once and in order, though their instants differ by less than a millisecond',
    async (list, make, table, id, instant, year) => {
      const made: { readonly id: string; readonly at: string }[] = [];
      for (const at of ['123100', '123200', '123200', '123300']) made.push({ id: await make(), at });
      for (const each of made)
        await world.asOwner(
          `UPDATE ${table} SET ${instant} = '${String(year)}-01-01 00:00:00.${each.at}+00' WHERE ${id} = '${each.id}'`,
        );
      const ascending = made.map((each) => `${each.at} ${each.id}`).sort();

      const seen: (string | undefined)[] = [];
      let cursor = '';
      for (let page = 0; page < made.length; page += 1) {
        const { body } = await world.call('ana', 'GET', `/${list}?limit=1${cursor}`);
        const shown = JSON.stringify(body['items'] ?? []);
        seen.push(made.find((each) => shown.includes(each.id))?.id);
        cursor = `&cursor=${String(body['next_cursor'])}`;
      }
      const expected = ascending.map((each) => each.split(' ')[1]);
      expect(seen).toEqual(year === 1900 ? expected : expected.toReversed());
    },
  );
});
