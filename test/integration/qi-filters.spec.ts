import { randomUUID } from 'node:crypto';
import { verifyAuditTrail } from '../../src/access/verify-audit-trail';
import { WaitingAlerts } from '../../src/alerts/waiting-alerts.service';
import { AuditSeals } from '../../src/platform';
import { startSandbox, type Sandbox } from '../../sandbox';
import { startServer, type LoopbackServer } from '../contracts/qi/other-side';
import { createAccessWorld, MASTER, type AccessWorld, type Call } from './access-world';

const PATH = '/api/v1/qi-filters';
const QI_PATH = '/private_payroll_auction/requester_configuration/custom_data';

describe("QI's filters", () => {
  let qi: LoopbackServer;
  let world: AccessWorld;
  let operator: Call;
  let approver: Call;
  let both: Call;
  beforeAll(async () => {
    qi = await startServer();
    world = await createAccessWorld({ QI_BASE_URL: qi.baseUrl, QI_TIMEOUT_MS: '400' });
    operator = world.as(await world.tokenFor('operator'));
    approver = world.as(await world.tokenFor('policy_approver'));
    both = world.as(await world.tokenFor('operator', 'policy_approver'));
  });
  beforeEach(async () => {
    qi.requests.length = 0;
    qi.behave(() => ({ status: 201, body: '{}' }));
    await world.dataSource.query(`DELETE FROM qi_filter_change`);
  });
  afterAll(async () => {
    await world.close();
    await qi.close();
  });

  const propose = (call: Call, change: Record<string, unknown> = {}) =>
    call('POST', `${PATH}/changes`, { active: true, daily_cap: null, reason: 'começo', ...change });
  const send = (call: Call, id: unknown) => call('POST', `${PATH}/changes/${String(id)}/send`);
  const withdraw = (id: unknown) => operator('POST', `${PATH}/changes/${String(id)}/withdraw`);
  const stop = (call: Call) => call('POST', `${PATH}/stop`, { reason: 'preço errado' });
  const state = async () => (await operator('GET', PATH)).body;
  const alerts = async () =>
    (await world.app.get(WaitingAlerts).find(new Date())).filter(({ kind }) => kind === 'approvals_waiting');
  const received = () =>
    qi.requests.map(({ method, url, body }) => [method, url, JSON.parse(body.toString()) as unknown]);
  const audited = async () =>
    (
      await world.dataSource.query<{ action: string }[]>(
        `SELECT action FROM audit_event WHERE subject = 'qi filters' ORDER BY id`,
      )
    ).map(({ action }) => action);

  const FROM_POLICY = {
    disbursed_issue_amount: { min: 500, max: null },
    number_of_installments: null,
    consigned_credit_balance: { min: 50, max: null },
    days_since_employment: { min: 179 },
    age: { min: 18, max: null },
    received_daily_proposals: null,
    alert_preferences: null,
  };

  it('come from the active policy, are shown as a difference, and are sent by a second person', async () => {
    expect(await state()).toMatchObject({ in_force: null, open: null, is_certain: true });
    const asked = await propose(both, { daily_cap: 2000 });
    expect(asked).toMatchObject({
      status: 201,
      body: {
        status: 'proposed',
        proposed_by: expect.stringContaining('token:') as string,
        differences: expect.arrayContaining([
          { path: 'custom_data.age.min', before: null, after: '18' },
          { path: 'custom_data.received_daily_proposals.max', before: null, after: '2000' },
        ]) as unknown,
      },
    });
    const { id } = asked.body;
    expect(await send(both, id)).toMatchObject({
      status: 403,
      body: { type: 'urn:arremate:problem:second_person_needed' },
    });
    expect(qi.requests).toEqual([]);

    expect(await send(approver, id)).toMatchObject({
      status: 200,
      body: { status: 'sent', http_status: 201 },
    });
    expect(received()).toEqual([
      [
        'PATCH',
        QI_PATH,
        { status: 'active', custom_data: { ...FROM_POLICY, received_daily_proposals: { max: 2000 } } },
      ],
    ]);
    expect(await state()).toMatchObject({ in_force: { id }, open: null, differences: [] });
    expect((await audited()).slice(-3)).toEqual([
      'qi_filters.proposed',
      'qi_filters.sending',
      'qi_filters.sent',
    ]);
    expect((await send(approver, id)).status).toBe(409);
    expect(qi.requests).toHaveLength(1);

    const smaller = await propose(operator, { daily_cap: 10 });
    const change = [{ path: 'custom_data.received_daily_proposals.max', before: '2000', after: '10' }];
    expect(smaller.body['differences']).toEqual(change);
    expect(await state()).toMatchObject({
      in_force: { active: true, daily_cap: 2000 },
      open: { active: true, daily_cap: 10, differences: change },
      differences: [],
    });
  });

  it('are stopped by one person at once, whatever waits, and keep the rest of what was in force', async () => {
    const { body: first } = await propose(operator, { daily_cap: 7 });
    await send(approver, first['id']);
    const { body: waiting } = await propose(operator, { daily_cap: 8 });
    expect(await stop(operator)).toMatchObject({
      status: 200,
      body: {
        kind: 'stop',
        status: 'sent',
        differences: [{ path: 'status', before: 'active', after: 'inactive' }],
      },
    });
    expect(received().at(-1)).toEqual([
      'PATCH',
      QI_PATH,
      { status: 'inactive', custom_data: { ...FROM_POLICY, received_daily_proposals: { max: 7 } } },
    ]);
    expect(await send(approver, waiting['id'])).toMatchObject({
      status: 409,
      body: { status_now: 'withdrawn' },
    });
    expect(await state()).toMatchObject({
      in_force: { kind: 'stop', active: false, daily_cap: 7 },
      differences: [],
    });
  });

  it('that were never set can be stopped all the same', async () => {
    expect(await stop(approver)).toMatchObject({ status: 200, body: { status: 'sent' } });
    expect(received()).toEqual([['PATCH', QI_PATH, { status: 'inactive', custom_data: FROM_POLICY }]]);
  });

  it("that QI refuses leave what was in force, with QI's words beside them", async () => {
    qi.behave(() => ({ status: 400, body: '{"code":"QIT000001","description":"age is wrong"}' }));
    const { body } = await propose(operator);
    expect(await send(approver, body['id'])).toMatchObject({
      status: 200,
      body: {
        status: 'rejected',
        http_status: 400,
        answer: expect.stringContaining('age is wrong') as string,
      },
    });
    expect(await state()).toMatchObject({
      in_force: null,
      open: null,
      is_certain: true,
      refused: { id: body['id'], answer: expect.stringContaining('age is wrong') as string },
    });
    const next = await propose(operator);
    expect(next.status).toBe(201);
    qi.behave(() => ({ status: 201 }));
    await send(approver, next.body['id']);
    expect(await state()).toMatchObject({ refused: null, in_force: { id: next.body['id'] } });
  });

  it.each([
    ['QI does not answer', () => undefined],
    ['QI breaks down', () => ({ status: 500 })],
    ['QI has too much to do', () => ({ status: 429 })],
  ])('stay open when %s, and may be sent again', async (_, behaviour) => {
    qi.behave(behaviour);
    const { body } = await propose(operator);
    expect((await send(approver, body['id'])).body).toMatchObject({ status: 'unknown' });
    expect(await state()).toMatchObject({ in_force: null, is_certain: false, open: { id: body['id'] } });
    expect(await propose(operator)).toMatchObject({ status: 409, body: { change_id: body['id'] } });

    qi.behave(() => ({ status: 201 }));
    expect((await send(approver, body['id'])).body).toMatchObject({ status: 'sent' });
    expect(await state()).toMatchObject({ is_certain: true, in_force: { id: body['id'] } });
  });

  it('that may have been taken are refused by no refusal of their repetition', async () => {
    qi.behave(() => undefined);
    const { body } = await propose(operator);
    await send(approver, body['id']);
    qi.behave(() => ({ status: 400, body: '{"description":"age is wrong"}' }));
    for (let again = 0; again < 2; again += 1)
      expect((await send(approver, body['id'])).body).toMatchObject({ status: 'unknown', http_status: 400 });
    expect(await state()).toMatchObject({ is_certain: false, refused: null, open: { id: body['id'] } });
    expect(await withdraw(body['id'])).toMatchObject({ status: 200 });
    expect(await state()).toMatchObject({ is_certain: false, open: null });
    qi.behave(() => ({ status: 201 }));
    await send(approver, (await propose(operator)).body['id']);
    expect(await state()).toMatchObject({ is_certain: true });
  });

  it('whose stop was lost are stopped by asking again', async () => {
    qi.behave(() => ({ status: 502 }));
    const { body: lost } = await stop(operator);
    expect(lost).toMatchObject({ status: 'unknown' });
    expect(await alerts()).toMatchObject([{ subject: lost['id'], detail: 'qi_filters' }]);
    qi.behave(() => ({ status: 201 }));
    expect((await stop(operator)).body).toMatchObject({ status: 'sent' });
    expect(await alerts()).toEqual([]);
    expect(await state()).toMatchObject({ is_certain: true, in_force: { kind: 'stop' } });
  });

  it('are not sent once the policy asks for others', async () => {
    const { body } = await propose(operator);
    await world.dataSource.query(
      `UPDATE qi_filter_change SET body = replace(body, '"min":18', '"min":21') WHERE id = $1`,
      [body['id']],
    );
    expect(await send(approver, body['id'])).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:policy_changed' },
    });
    expect(await withdraw(body['id'])).toMatchObject({ status: 200, body: { status: 'withdrawn' } });
    expect((await withdraw(body['id'])).status).toBe(409);
    expect(qi.requests).toEqual([]);
  });

  it('are sent once by two who send at the same time', async () => {
    const { body } = await propose(operator);
    const other = world.as(await world.tokenFor('operations_approver'));
    const answers = await Promise.all([approver, other].map((call) => send(call, body['id'])));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(qi.requests).toHaveLength(1);
  });

  it('that a dead process was sending may be sent or stopped; those of a living one are waited for', async () => {
    const { body } = await propose(operator);
    const dead = randomUUID();
    const leave = (owner: string) =>
      world.dataSource.query(
        `UPDATE qi_filter_change SET status = 'sending', sent_by = 'x', sent_at = clock_timestamp(), lease_owner = $2
         WHERE id = $1`,
        [body['id'], owner],
      );
    await leave(dead);
    expect(await state()).toMatchObject({ open: { status: 'sending', is_under_way: false } });
    expect((await send(approver, body['id'])).body).toMatchObject({ status: 'sent' });

    const next = await propose(operator, { active: false });
    let arrived: () => void = () => undefined;
    const isThere = new Promise<void>((resolve) => (arrived = resolve));
    qi.behave(async () => {
      arrived();
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { status: 201 };
    });
    const sending = send(approver, next.body['id']);
    await isThere;
    expect(await stop(operator)).toMatchObject({ status: 409, body: { status_now: 'sending' } });
    expect(await state()).toMatchObject({ open: { status: 'sending', is_under_way: true } });
    expect((await sending).body).toMatchObject({ status: 'sent' });
  });

  it('whose end another process could not write down are stopped here, once its call is over', async () => {
    const { body } = await propose(operator);
    const other = randomUUID();
    await world.asOwner(`INSERT INTO instance (id, host, role, alive_until)
      VALUES ('${other}', 'x', 'all', clock_timestamp() + interval '1 h')`);
    const sentAgo = (seconds: number) =>
      world.dataSource.query(
        `UPDATE qi_filter_change SET status = 'sending', sent_by = 'x', lease_owner = $2,
           sent_at = clock_timestamp() - $3 * interval '1 s' WHERE id = $1`,
        [body['id'], other, seconds],
      );
    await sentAgo(1);
    expect(await stop(operator)).toMatchObject({ status: 409, body: { status_now: 'sending' } });
    await sentAgo(10);
    expect(await alerts()).toEqual([]);
    await sentAgo(61);
    expect(await alerts()).toMatchObject([{ subject: body['id'] }]);
    await sentAgo(10);
    expect(await stop(operator)).toMatchObject({ status: 200, body: { status: 'sent' } });
    await world.asOwner(`DELETE FROM instance WHERE id = '${other}'`);
  });

  it.each([
    ['no reason', { reason: ' ' }],
    ['a cap of nothing', { daily_cap: 0 }],
    ['half a cap', { daily_cap: 1.5 }],
    ['no switch', { active: undefined }],
  ])('are refused with %s', async (_, change) => {
    expect((await propose(operator, change)).status).toBe(422);
  });

  it('are taken by the sandbox, which obeys them', async () => {
    const sandbox: Sandbox = await startSandbox();
    qi.behave(async ({ method, url, body }) => {
      const answer = await fetch(sandbox.url + url, { method, body: body.toString() });
      return { status: answer.status, body: await answer.text() };
    });
    const { body } = await propose(operator);
    expect((await send(approver, body['id'])).body).toMatchObject({ status: 'sent', http_status: 201 });
    sandbox.control.openAuction({ request: { disbursed_issue_amount: 400 } });
    sandbox.control.openAuction({ request: { disbursed_issue_amount: 600, consigned_credit_balance: 100 } });
    expect(sandbox.control.ledger().webhooks).toHaveLength(1);
    expect((await stop(operator)).body).toMatchObject({ status: 'sent' });
    sandbox.control.openAuction({ request: { disbursed_issue_amount: 600, consigned_credit_balance: 100 } });
    expect(sandbox.control.ledger().webhooks).toHaveLength(1);
    await sandbox.close();
  });

  it('leave an audit trail that holds', async () => {
    expect((await world.as(MASTER)('GET', `${PATH}/changes?limit=5`)).status).toBe(200);
    expect(await verifyAuditTrail(world.dataSource, world.app.get(AuditSeals))).toMatchObject({
      kind: 'intact',
    });
  });
});

describe('a dry run', () => {
  it('sets no filter', async () => {
    const world = await createAccessWorld({ ARREMATE_DRY_RUN: '1' });
    const answer = await world.as(MASTER)('POST', `${PATH}/stop`, { reason: 'x' });
    expect(answer).toMatchObject({ status: 409, body: { type: 'urn:arremate:problem:dry_run' } });
    await world.close();
  });
});
