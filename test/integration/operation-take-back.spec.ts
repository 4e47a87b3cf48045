import { randomUUID } from 'node:crypto';
import { times } from '../support/repetitions';
import { waitFor } from '../support/wait-for';
import { BORROWER, createWorld, paymentRefused, RULES, signedBy, type World } from './operation-world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.policy.rules = undefined; // people decide, unless a test says otherwise
  world.desk.planned.clear();
  world.desk.delayMs = 0;
});

const post = (actor: string, path: string, body?: unknown, key?: string) =>
  world.call(actor, 'POST', path, body, key);

interface View {
  readonly commands: readonly {
    readonly command_id: string;
    readonly status: string;
    readonly settled_by: string | null;
    readonly sent_at: string | null;
    readonly can_be_taken_back: boolean;
  }[];
  readonly next_actions: readonly { readonly action: string }[];
}
const read = async (key: string): Promise<View> =>
  (await world.call('ana', 'GET', `/operations/${key}`)).body as unknown as View;
const takeBack = async (actor: string, key: string) => {
  const live = (await read(key)).commands.at(-1);
  return post(actor, `/operations/${key}/commands/${live?.command_id ?? ''}/take_back`);
};

async function awaitingAuthorization(): Promise<string> {
  const key = randomUUID();
  await world.win(key);
  await world.hear(key, signedBy());
  await world.hear(key, { kind: 'authorization_requested' });
  return key;
}

const refused = { kind: 'not_taken', why: 'connection refused', httpStatus: undefined } as const;
const whileDown = (action: string) => {
  world.desk.plan(action, ...Array<typeof refused>(2_000).fill(refused));
};
const isTried = (action: string, key: string) =>
  waitFor('a try', async () => {
    const [command] = (await read(key)).commands;
    return world.desk.sent(action, key) >= 2 && command?.status === 'intended' ? true : undefined;
  });

describe('what was asked of QI and has never left', () => {
  it('is taken back: an authorization is then for people, whatever the policy thinks of it', async () => {
    const key = await awaitingAuthorization();
    whileDown('authorize');
    await post('ana', `/operations/${key}/authorize`);
    await isTried('authorize', key);
    await waitFor('it to be at rest', async () => {
      const [command] = (await read(key)).commands;
      return command?.can_be_taken_back === true ? true : undefined;
    });
    const click = randomUUID();
    const { command_id: id } = (await read(key)).commands[0] ?? { command_id: '' };
    const path = `/operations/${key}/commands/${id}/take_back`;
    // Of two tries one may come while a call is under way.
    const taken = await waitFor('it to be taken back', async () => {
      const answer = await post('bia', path, undefined, click);
      return answer.status === 200 ? answer : undefined;
    });
    expect(taken.body).toEqual({ command_id: id, action: 'authorize', status: 'withdrawn' });
    expect(await post('bia', path, undefined, click)).toEqual(taken);
    expect(await post('bia', path)).toMatchObject({ status: 409 });
    const [audited] = await world.dataSource.query<unknown[]>(
      `SELECT actor, action, details FROM audit_event WHERE subject = $1 AND action = 'operation.command_taken_back'`,
      [key],
    );
    expect(audited).toMatchObject({ actor: 'bia', details: { command_id: id, command: 'authorize' } });
    world.desk.planned.clear();
    const before = world.desk.sent('authorize', key);

    world.policy.rules = RULES;
    await world.hear(key, signedBy());
    await world.hear(key, { kind: 'authorization_requested' });
    expect((await read(key)).commands).toMatchObject([
      { status: 'withdrawn', settled_by: 'bia', can_be_taken_back: false },
    ]);
    expect(await world.openTasks(key)).toEqual(['authorization_review']);
    const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${key}`);
    expect(body['items']).toMatchObject([{ reason_code: 'authorize_taken_back' }]);
    expect(await post('ana', `/operations/${key}/cancel_permanently`, { reason: 'fraude' })).toMatchObject({
      status: 202,
    });
    expect(world.desk.sent('authorize', key)).toBe(before);
    expect(world.desk.effects.filter((effect) => effect.key === key)).toEqual([]);
  });

  it('is taken back: a payment into a mistyped account is asked for anew', async () => {
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, { kind: 'reservation_confirmed' });
    await world.hear(key, paymentRefused());
    whileDown('resubmit_disbursement');
    await post('ana', `/operations/${key}/resubmit_disbursement`, { disbursement_date: '2040-01-03' });
    await isTried('resubmit_disbursement', key);
    await waitFor('it to be taken back', async () =>
      (await takeBack('ana', key)).status === 200 ? true : undefined,
    );
    expect(await world.openTasks(key)).toEqual(['disbursement_failed']);
    world.desk.planned.clear();
    expect(
      await post('ana', `/operations/${key}/resubmit_disbursement`, { disbursement_date: '2040-01-04' }),
    ).toMatchObject({ status: 202 });
    await waitFor('the payment', async () => ((await world.statusOf(key)) === 'reserved' ? true : undefined));
    expect(world.desk.effects.filter((effect) => effect.key === key)).toHaveLength(1);
  });
});

it('a payment to another account, which goes to QI in a call of its own before, asks people to look at that', async () => {
  const key = randomUUID();
  await world.issue(key, 'fgts');
  await world.hear(key, paymentRefused('pix_refusal'), undefined, 'fgts');
  whileDown('resubmit_disbursement');
  const holder = { name: 'Maria da Silva', document_number: BORROWER, percentage_receivable: 100 };
  const disbursement_bank_accounts = [{ ...holder, pix_key: BORROWER }];
  const body = { disbursement_date: '2040-01-03', disbursement_bank_accounts };
  expect(await post('ana', `/operations/${key}/resubmit_disbursement`, body)).toMatchObject({ status: 202 });
  await isTried('resubmit_disbursement', key);
  await waitFor('it to be taken back', async () =>
    (await takeBack('ana', key)).status === 200 ? true : undefined,
  );
  expect((await world.openTasks(key)).toSorted()).toEqual(['command_rejected', 'disbursement_failed']);
});

describe('what QI may have', () => {
  it.each([
    ['is being sent', `status = 'sending', sent_at = now()`],
    ['has an answer that was lost', `status = 'unknown', answer_lost = true, sent_at = now()`],
    ['is to be sent again after one was lost', `status = 'intended', answer_lost = true, sent_at = now()`],
    ['had left once', `status = 'intended', sent_at = now()`],
    ['was asked about first', `status = 'unknown', answer_lost = true`],
    ['has ended', `status = 'accepted', settled_at = now(), settled_by = 'qi'`],
  ])('is not taken back when it %s', async (_, set) => {
    const key = await awaitingAuthorization();
    const id = randomUUID();
    // In no process's hands, and for none to take.
    await world.dataSource.query(
      `INSERT INTO operation_command (id, credit_operation_key, action, status, actor, not_before, created_at)
       VALUES ($1, $2, 'authorize', 'intended', 'ana', now() + interval '1 day', now())`,
      [id, key],
    );
    await world.dataSource.query(`UPDATE operation_command SET ${set} WHERE id = $1`, [id]);
    expect((await read(key)).commands).toMatchObject([{ can_be_taken_back: false }]);
    expect(await post('ana', `/operations/${key}/commands/${id}/take_back`)).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:too_late' },
    });
  });

  it('is not found under another loan, nor where there is none', async () => {
    const [key, other] = [await awaitingAuthorization(), await awaitingAuthorization()];
    whileDown('authorize');
    await post('ana', `/operations/${key}/authorize`);
    const { command_id: id } = (await read(key)).commands[0] ?? { command_id: '' };
    expect(await post('ana', `/operations/${other}/commands/${id}/take_back`)).toMatchObject({ status: 404 });
    expect(await post('ana', `/operations/${key}/commands/${randomUUID()}/take_back`)).toMatchObject({
      status: 404,
    });
    expect(await post('ana', `/operations/${key}/commands/no-id/take_back`)).toMatchObject({ status: 404 });
  });

  it('is sent or taken back, never both, whoever is first', async () => {
    const taken = new Map<string, number>();
    for (let n = 0; n < times(20, 200); n += 1) {
      const key = await awaitingAuthorization();
      world.desk.delayMs = n % 3;
      const asked = await post('ana', `/operations/${key}/authorize`);
      const path = `/operations/${key}/commands/${String(asked.body['command_id'])}/take_back`;
      const answers = await Promise.all(['ana', 'bia'].map((actor) => post(actor, path)));
      taken.set(key, answers.filter(({ status }) => status === 200).length);
    }
    await waitFor('all to end', async () => {
      const left = await world.dataSource.query<unknown[]>(
        `SELECT FROM operation_command WHERE credit_operation_key = ANY ($1) AND settled_at IS NULL`,
        [[...taken.keys()]],
      );
      return left.length === 0 ? true : undefined;
    });
    for (const [key, times] of taken)
      expect(world.desk.effects.filter((effect) => effect.key === key)).toHaveLength(1 - times);
  });
});
