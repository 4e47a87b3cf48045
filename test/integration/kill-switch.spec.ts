import { spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { verifyAuditTrail } from '../../src/access/verify-audit-trail';
import { Overview } from '../../src/history/overview.service';
import { AuditSeals } from '../../src/platform';
import { ActivePolicy } from '../../src/policy';
import { createAccessWorld, MASTER, type AccessWorld, type Call } from './access-world';

const KEY = randomBytes(32).toString('base64');

describe('the kill switch', () => {
  let world: AccessWorld;
  let operator: Call;
  let approver: Call;
  let both: Call;
  beforeAll(async () => {
    world = await createAccessWorld({ ARREMATE_ENCRYPTION_KEY: KEY });
    operator = world.as(await world.tokenFor('operator'));
    approver = world.as(await world.tokenFor('operations_approver'));
    both = world.as(await world.tokenFor('operator', 'operations_approver'));
  });
  afterAll(() => world.close());

  const state = async () => (await operator('GET', '/api/v1/kill-switch')).body;
  const engage = (call: Call, reason = 'preço errado') =>
    call('POST', '/api/v1/kill-switch/engage', { reason });
  const release = (call: Call, headers = {}) =>
    call('POST', '/api/v1/kill-switch/release', { reason: 'corrigido' }, headers);
  const decide = (call: Call, verb: string, id: unknown) =>
    call('POST', `/api/v1/approvals/${String(id)}/${verb}`);
  const actions = async () =>
    (await world.dataSource.query<{ action: string }[]>(`SELECT action FROM audit_event ORDER BY id`)).map(
      ({ action }) => action,
    );

  it('is engaged by one person with a reason, and released by two', async () => {
    expect(await state()).toMatchObject({ engaged: false, pending_approval: null });
    expect((await engage(operator)).body).toMatchObject({ engaged: true, reason: 'preço errado' });
    const asked = await release(both);
    expect(asked).toMatchObject({ status: 202, body: { status: 'pending' } });
    const id = asked.body['approval_id'];
    expect(await state()).toMatchObject({
      engaged: true,
      pending_approval: { approval_id: id, credit_operation_key: null },
    });

    expect(await decide(both, 'approve', id)).toMatchObject({
      status: 403,
      body: { type: expect.stringContaining('second_person') as string },
    });
    expect(await decide(operator, 'approve', id)).toMatchObject({ status: 403 });
    expect(await state()).toMatchObject({ engaged: true });
    expect(await decide(approver, 'approve', id)).toMatchObject({
      status: 200,
      body: { status: 'approved' },
    });
    expect(await state()).toMatchObject({ engaged: false, reason: 'corrigido', pending_approval: null });
    expect(await decide(approver, 'approve', id)).toMatchObject({ status: 409 });
    expect(await decide(approver, 'undo', id)).toMatchObject({ status: 409 });
    expect((await actions()).slice(-4)).toEqual([
      'kill_switch.engaged',
      'kill_switch.release_requested',
      'approval.approve',
      'kill_switch.released',
    ]);
  });

  it('stays engaged when the second person says no', async () => {
    await engage(operator);
    const { body } = await release(operator);
    expect(await decide(approver, 'reject', body['approval_id'])).toMatchObject({ status: 200 });
    expect(await state()).toMatchObject({ engaged: true, pending_approval: null });
  });

  it('takes one request to release at a time, and repeats its answer to the same key', async () => {
    await engage(operator);
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all([release(operator, key), release(operator, key), release(both)]);
    const accepted = answers.filter(({ status }) => status === 202).map(({ body }) => body['approval_id']);
    expect(new Set(accepted).size).toBe(1);
    expect(answers.map(({ status }) => status)).toContain(409);
  });

  it('voids a request to release when it is engaged anew', async () => {
    await engage(operator);
    const { body } = await release(operator);
    await engage(approver, 'outro motivo');
    expect(await decide(approver, 'approve', body['approval_id'])).toMatchObject({ status: 409 });
    expect(await state()).toMatchObject({ engaged: true, reason: 'outro motivo' });
  });

  it('is not asked to be released by whoever read another reason than there is now', async () => {
    await engage(operator);
    const { changed_at: seen } = await state();
    await engage(approver, 'a QI responde errado');
    const ask = (stopped_at: unknown) =>
      operator('POST', '/api/v1/kill-switch/release', { reason: 'corrigido', stopped_at });
    expect(await ask(seen)).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:stopped_anew' },
    });
    expect(await state()).toMatchObject({ engaged: true, pending_approval: null });
    expect((await ask((await state())['changed_at'])).status).toBe(202);
  });

  it.each([
    ['on', 'Bidding is stopped.'],
    ['off', 'Bidding goes on.'],
  ])(
    'switched %s by the command line voids a request to release, and says in which database',
    async (way, done) => {
      await engage(operator);
      const { body } = await release(operator);
      const { host, pathname } = new URL(world.databaseUrl);
      const command = ['dist/src/cli.js', 'kill-switch', way, '--reason', 'outro motivo'];
      const env = { ...process.env, DATABASE_URL: world.databaseUrl, ARREMATE_ENCRYPTION_KEY: KEY };
      const { stderr, stdout } = spawnSync(process.execPath, command, { env });
      expect(`${stderr.toString()}${stdout.toString()}`).toBe(
        `Database: ${pathname.slice(1)} at ${host}\n${done}\n`,
      );
      expect(await state()).toMatchObject({ engaged: way === 'on', pending_approval: null });
      expect(await decide(approver, 'approve', body['approval_id'])).toMatchObject({ status: 409 });
      expect(await state()).toMatchObject({ engaged: way === 'on', reason: 'outro motivo' });
    },
  );

  it('is released once by two who approve at the same time', async () => {
    await engage(operator);
    const { body } = await release(operator);
    const other = world.as(await world.tokenFor('operations_approver'));
    const answers = await Promise.all(
      [approver, other].map((call) => decide(call, 'approve', body['approval_id'])),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(await release(operator)).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:not_engaged' },
    });
  });

  it("shows on everybody's screen within seconds, also where a clock was an hour ahead for a moment", async () => {
    let [aheadMs, passedMs] = [3_600_000, 0];
    const clock = {
      now: () => new Date(Date.now() + aheadMs + passedMs),
      monotonicMs: () => passedMs,
    };
    const overview = new Overview(world.dataSource, world.app.get(ActivePolicy), clock);
    expect((await overview.current()).kill_switch).toMatchObject({ engaged: false });
    [aheadMs, passedMs] = [0, 3_000];
    await engage(operator, 'taxa errada');
    expect((await overview.current()).kill_switch).toMatchObject({ engaged: true, reason: 'taxa errada' });
  });

  it.each([
    [undefined],
    [{}],
    [{ reason: '' }],
    [{ reason: '   ' }],
    [{ reason: 'a\0b' }],
    [{ reason: 'x'.repeat(1_001) }],
  ])('wants a reason: %j is none', async (body) => {
    expect((await operator('POST', '/api/v1/kill-switch/engage', body)).status).toBe(422);
    expect((await operator('POST', '/api/v1/kill-switch/release', body)).status).toBe(422);
  });

  it('leaves an audit trail that holds', async () => {
    expect((await world.as(MASTER)('GET', '/api/v1/audit?subject=bidding')).status).toBe(200);
    expect(await verifyAuditTrail(world.dataSource, world.app.get(AuditSeals))).toMatchObject({
      kind: 'intact',
    });
  });
});
