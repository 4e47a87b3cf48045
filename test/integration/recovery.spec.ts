import { randomUUID } from 'node:crypto';
import { waitFor } from '../support/wait-for';
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
