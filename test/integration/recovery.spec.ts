import { randomUUID } from 'node:crypto';
import { waitFor } from '../support/wait-for';
import type { OperationEvent } from '../../src/operation/domain';
import { createWorld, signedBy, type World } from './operation-world';

/** The counter falls back under a process that runs: for it, that is a copy put in the database's place. */
describe('commands when the database turns out to be a copy', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const sql = (text: string, parameters: unknown[] = []) =>
    world.dataSource.query<Record<string, unknown>[]>(text, parameters);
  const commandOf = async (key: string) =>
    (await sql(`SELECT status FROM operation_command WHERE credit_operation_key = $1`, [key]))[0]?.['status'];
  const becomes = (key: string, status: string) =>
    waitFor(`the command of ${key} to be ${status}`, async () =>
      (await commandOf(key)) === status ? true : undefined,
    );
  const awaitsAuthorization = async (): Promise<string> => {
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, signedBy());
    await world.hear(key, { kind: 'authorization_requested' });
    return key;
  };

  it('become unknown and tasks, and nothing is sent before a person confirms', async () => {
    const intended = randomUUID();
    await world.win(intended);
    await sql(
      `INSERT INTO operation_command (id, credit_operation_key, action, status, actor, not_before, created_at)
       VALUES (gen_random_uuid(), $1, 'cancel_permanently', 'intended', 'ana', now() + interval '1 hour', now())`,
      [intended],
    );
    await sql(`UPDATE recovery_generation SET counter = -1`);
    await becomes(intended, 'unknown');
    expect(await world.openTasks(intended)).toEqual(['command_unknown']);
    expect(await sql(`SELECT sign, counts FROM recovery`)).toEqual([
      { sign: 'behind', counts: { commands_unknown: 1 } },
    ]);
    expect(await sql(`SELECT engaged FROM kill_switch`)).toEqual([{ engaged: true }]);

    // A loan from before may have been authorized: that is asked about, which changes nothing at QI.
    const key = await awaitsAuthorization();
    await becomes(key, 'intended');
    expect(world.desk.sent('find', key)).toBe(1);
    const actions = new Set(world.desk.calls.map(({ action }) => action));
    expect([...actions]).toEqual(['find']);

    const answer = await world.call('bia', 'POST', '/recoveries/1/confirm', { note: 'conferido no portal' });
    expect(answer).toMatchObject({ status: 200, body: { confirmed_by: 'bia', note: 'conferido no portal' } });
    await becomes(key, 'accepted');
    await becomes(intended, 'accepted');
    expect(world.desk.sent('authorize', key)).toBe(1);
    expect(await world.call('bia', 'POST', '/recoveries/1/confirm', { note: 'de novo' })).toMatchObject({
      status: 409,
    });
  });

  it.each([[{}], [{ note: '  ' }], [{ note: 'a\0b' }]])(
    'wants to know what was checked: %j',
    async (body) => {
      expect((await world.call('bia', 'POST', '/recoveries/1/confirm', body)).status).toBe(422);
    },
  );

  it('is on the audit trail', async () => {
    const rows = await sql(`SELECT action, actor FROM audit_event ORDER BY id`);
    expect(rows).toEqual([
      { action: 'recovery.found', actor: 'system:recovery' },
      { action: 'kill_switch.engaged', actor: 'system:recovery' },
      { action: 'recovery.confirmed', actor: 'bia' },
    ]);
  });
});

describe('a reversal that two people want, long after a restore that was confirmed', () => {
  const PAID: OperationEvent = { kind: 'disbursed', payments: [], installments: [] };
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    await world.dataSource.query(
      `INSERT INTO recovery (found_at, found_by, sign, ended_generations, bids_from, counts, confirmed_at, confirmed_by, note)
       SELECT at, 'test', 'new_timeline', '{}', at, '{}', at, 'bia', 'conferido' FROM (SELECT now() - interval '30 days' AS at)`,
    );
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.limits.undoWindowMs = 0;
    world.desk.isBlind = false;
  });

  /** @param daysAgo its proposal was made; undefined: no proposal of it is known here */
  async function paid(daysAgo?: number): Promise<string> {
    const key = randomUUID();
    if (daysAgo !== undefined)
      await world.dataSource.query(
        `INSERT INTO proposal (id, product, channel, status, status_since, borrower_index, borrower_key_id,
           borrower_ciphertext, wishes, control_key, credit_operation_key, created_by, created_at, ended_at)
         VALUES (gen_random_uuid(), 'fgts', 'person', 'issued', now(), sha256($1::text::bytea), 'k', '', '{}',
           gen_random_uuid(), $1, 'ana', now() - $2 * interval '1 day', now())`,
        [key, daysAgo],
      );
    await world.issue(key, 'fgts');
    await world.hear(key, PAID);
    return key;
  }
  const post = (actor: string, path: string, body?: unknown) => world.call(actor, 'POST', path, body);
  async function approved(key: string): Promise<string> {
    const { body } = await post('ana', `/operations/${key}/request_reversal`, { reason: 'desistiu' });
    const id = String(body['approval_id']);
    expect(await post('bia', `/approvals/${id}/approve`)).toMatchObject({ status: 200 });
    return id;
  }
  const pageOf = async (key: string) => (await world.call('ana', 'GET', `/operations/${key}`)).body;
  const isMade = (key: string) =>
    waitFor('the charge', async () => ((await pageOf(key))['reversal'] === null ? undefined : true));

  it.each([
    ['from before it', 40],
    ['of which nothing else is known', undefined],
  ])('of a loan %s is asked about first, and taken back as long as it was not sent', async (_, daysAgo) => {
    world.limits.undoWindowMs = 60_000;
    const key = await paid(daysAgo);
    const approval = await approved(key);
    expect(await pageOf(key)).toMatchObject({
      undo: { approval_id: approval, action: 'request_reversal' },
      commands: [{ status: 'unknown', sent_at: null }],
    });
    expect(await post('bia', `/approvals/${approval}/undo`)).toMatchObject({
      status: 200,
      body: { command_status: 'withdrawn' },
    });
    expect(world.desk.calls.filter((call) => call.key === key)).toEqual([]);
  });

  it('of a loan that was asked for after it is sent without asking', async () => {
    const key = await paid(1);
    await approved(key);
    await isMade(key);
    expect(world.desk.calls.filter((call) => call.key === key)).toEqual([
      { action: 'request_reversal', key },
    ]);
  });

  it('is not asked about again once people have found that QI has none', async () => {
    world.desk.isBlind = true;
    const key = await paid(40);
    await approved(key);
    const task = await waitFor('the task', async () => {
      const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${key}`);
      return (body['items'] as { id: string }[])[0]?.id;
    });
    expect(await post('ana', `/tasks/${task}/resolve`, { outcome: 'not_taken' })).toMatchObject({
      status: 200,
    });
    await approved(key);
    await isMade(key);
    expect(world.desk.sent('request_reversal', key)).toBe(1);
  });

  it('and that another restore made unknown is not taken back: it may have been sent', async () => {
    world.limits.undoWindowMs = 60_000;
    const key = await paid(1);
    const approval = await approved(key);
    expect(await pageOf(key)).toMatchObject({ undo: { approval_id: approval } });
    await world.dataSource.query(`UPDATE recovery_generation SET counter = -1`);
    await waitFor('it to be doubted', async () => ((await pageOf(key))['undo'] === null ? true : undefined));
    expect(await post('bia', `/approvals/${approval}/undo`)).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:too_late' },
    });
  });
});
