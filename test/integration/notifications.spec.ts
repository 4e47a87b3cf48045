import { randomUUID } from 'node:crypto';
import { ChannelSender } from '../../src/notifications/channel-sender.service';
import { EVENT_TYPES } from '../../src/notifications/domain';
import { OutboxPruning } from '../../src/notifications/outbox-pruning.service';
import { engineFile } from '../support/engine-file';
import { isSignedWith, NotificationReceiver } from '../support/notification-receiver';
import { ScriptedQi } from '../support/scripted-qi';
import { waitFor } from '../support/wait-for';
import { endOfAuction, loanWebhooks, newCpf, proposalRequest } from '../support/webhooks';
import { createAccessWorld, MASTER, type AccessWorld, type Call } from './access-world';

describe('notifications', () => {
  let qi: ScriptedQi;
  let receiver: NotificationReceiver;
  let world: AccessWorld;
  let admin: Call;
  beforeAll(async () => {
    [qi, receiver] = await Promise.all([ScriptedQi.start(), NotificationReceiver.start()]);
    world = await createAccessWorld({
      QI_BASE_URL: qi.url,
      ARREMATE_NOTIFY_LOOPBACK: '1',
      ARREMATE_ENGINE_FILE: engineFile({ notifications: { sweep_ms: 100 } }),
    });
    admin = world.as(MASTER);
  });
  beforeEach(async () => {
    receiver.received.length = 0;
    receiver.answer = () => 204;
    await sql(`UPDATE notification_endpoint SET enabled = false, removed_at = clock_timestamp()`);
  });
  afterAll(async () => {
    await receiver.stop();
    await world.close();
    await qi.close();
  });

  const sql = <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    world.dataSource.query<Row[]>(text, values);
  const PATH = '/api/v1/notification-endpoints';

  async function listen(path: string, eventTypes: readonly string[] = EVENT_TYPES) {
    const { status, body } = await admin('POST', PATH, { url: receiver.url + path, event_types: eventTypes });
    expect(status).toBe(201);
    return { id: String(body['id']), secret: String(body['secret']) };
  }
  const push = async (webhook: unknown): Promise<void> => {
    expect((await world.call('POST', '/webhooks/qi', webhook)).status).toBe(200);
  };
  const told = (path: string, type: string) =>
    waitFor(`${type} at ${path}`, () => receiver.at(path).find(({ event }) => event.type === type));
  const deliveryOf = async (endpoint: string) => {
    const [row] = await sql<{ id: string; status: string; attempts: number; wait_s: number }>(
      `SELECT id, status, attempts, extract(epoch FROM not_before - clock_timestamp())::float AS wait_s
       FROM notification_delivery WHERE endpoint_id = $1`,
      [endpoint],
    );
    if (row === undefined) throw new Error('nothing was to be delivered');
    return row;
  };
  const endpointOf = (id: string) =>
    sql(`SELECT given_up_since, enabled, disabled_reason FROM notification_endpoint WHERE id = $1`, [id]);
  const becomes = (endpoint: string, status: string, attempts: number) =>
    waitFor(`a delivery ${status} after ${attempts}`, async () => {
      const row = await deliveryOf(endpoint);
      return row.status === status && row.attempts === attempts ? row : undefined;
    });
  const hurry = (endpoint: string) =>
    sql(`UPDATE notification_delivery SET not_before = clock_timestamp() WHERE endpoint_id = $1`, [endpoint]);
  /** A task opened as the service does it, by one statement of one transaction. */
  const openTask = async () => {
    const key = randomUUID();
    await sql(
      `INSERT INTO operation (credit_operation_key, status, status_since, opened_at)
       VALUES ($1, 'awaiting_signature', clock_timestamp(), clock_timestamp())`,
      [key],
    );
    await sql(
      `INSERT INTO task (id, kind, credit_operation_key, reason_code, message, amount_at_stake, due_at, status, opened_at)
       VALUES ($1, 'late', $2, 'too_late', 'texto', 1500.50, '2026-08-18T12:00:00Z', 'open', clock_timestamp())`,
      [randomUUID(), key],
    );
    return key;
  };

  it('tells of a decision, a win and a disbursement, signed, as CloudEvents, without a word about the borrower', async () => {
    const { secret } = await listen('/all');
    const [auction, operation, cpf] = [randomUUID(), randomUUID(), newCpf()];
    await push(proposalRequest({ key: auction, cpf }));
    const decided = await told('/all', 'auction.decided');
    const [proposal] = await waitFor('the proposal', () => {
      const found = qi.proposalsFor(auction);
      return found.length > 0 ? found : undefined;
    });
    expect(decided.event).toMatchObject({
      specversion: '1.0',
      subject: auction,
      source: 'http://127.0.0.1:3000',
      datacontenttype: 'application/json',
      data: {
        issuer_proposal_request_key: auction,
        outcome: 'bid',
        request_control_key: proposal?.controlKey,
        disbursed_issue_amount: '2100',
        number_of_installments: 10,
      },
    });
    expect(decided.headers['content-type']).toMatch(/^application\/cloudevents\+json/);
    expect(decided.headers['webhook-id']).toBe(decided.event.id);

    await push(
      endOfAuction({
        requestKey: auction,
        proposalKey: proposal?.proposalKey ?? '',
        operationKey: operation,
      }),
    );
    expect((await told('/all', 'auction.won')).event.data).toMatchObject({
      issuer_proposal_request_key: auction,
      credit_operation_key: operation,
      rank_position: 1,
    });
    for (const webhook of loanWebhooks(operation, cpf)) await push(webhook);
    expect((await told('/all', 'operation.disbursed')).event.data).toMatchObject({
      credit_operation_key: operation,
      issuer_proposal_request_key: auction,
      status: 'disbursed',
    });
    for (const notification of receiver.received) {
      expect(isSignedWith(secret, notification)).toBe(true);
      expect(isSignedWith('whsec_AAAA', notification)).toBe(false);
      expect(notification.text).not.toContain(cpf);
      expect(notification.text.toLowerCase()).not.toMatch(/maria|silva|birth|document/);
    }
  });

  it('tells of a loss, of each way to fail and of a task, and of nothing that is no news', async () => {
    const { id } = await listen('/rest');
    const key = await openTask();
    await sql(`UPDATE operation SET status = status, failure_code = 'x' WHERE credit_operation_key = $1`, [
      key,
    ]);
    const failures = [
      'signature_failed',
      'reservation_failed',
      'disbursement_failed',
      'canceled_permanently',
    ];
    for (const status of ['signed', ...failures]) {
      await sql(
        `UPDATE operation SET status = $2, failure_code = 'ted_refusal',
           ended_at = CASE WHEN $2 = 'canceled_permanently' THEN clock_timestamp() END
         WHERE credit_operation_key = $1`,
        [key, status],
      );
    }
    await sql(
      `INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, personal_key_id, personal_ciphertext)
       SELECT $1, max(id), 'bid', clock_timestamp(), 'k', '' FROM webhook_event`,
      [key],
    );
    await sql(
      `UPDATE auction SET status = 'lost', rank_position = 3 WHERE issuer_proposal_request_key = $1`,
      [key],
    );
    await sql(`UPDATE auction SET lease_owner = NULL WHERE issuer_proposal_request_key = $1`, [key]);
    const rows = await sql<{ type: string; data: Record<string, unknown> }>(
      `SELECT type, data FROM notification_event e JOIN notification_delivery d ON d.event_id = e.id
       WHERE d.endpoint_id = $1 ORDER BY d.id`,
      [id],
    );
    expect(rows.map(({ type }) => type)).toEqual([
      'task.opened',
      ...failures.map(() => 'operation.failed'),
      'auction.lost',
    ]);
    expect(rows[0]?.data).toMatchObject({
      kind: 'late',
      reason_code: 'too_late',
      amount_at_stake: '1500.50',
      due_at: '2026-08-18T12:00:00Z',
      credit_operation_key: key,
    });
    expect(rows.slice(1, 5).map(({ data }) => data['status'])).toEqual(failures);
    expect(rows[4]?.data).toMatchObject({ failure_code: 'ted_refusal' });
  });

  it('says nothing where prose stands in place of a code', async () => {
    const { id } = await listen('/prose');
    const key = await openTask();
    await sql(
      `UPDATE operation SET status = 'signature_failed', failure_code = 'CPF 00737823780 recusado' WHERE credit_operation_key = $1`,
      [key],
    );
    const rows = await sql<{ data: unknown }>(
      `SELECT data FROM notification_event e JOIN notification_delivery d ON d.event_id = e.id WHERE d.endpoint_id = $1`,
      [id],
    );
    expect(JSON.stringify(rows)).toContain('signature_failed');
    expect(JSON.stringify(rows)).not.toContain('00737823780');
  });

  it('lives and dies with the change it tells of, waits for who is disabled, and costs no row while nobody listens', async () => {
    const count = async () =>
      (await sql<{ n: number }>(`SELECT count(*)::int AS n FROM notification_event`))[0]?.n;
    const before = await count();
    await openTask();
    expect(await count()).toBe(before);
    await listen('/other', ['auction.won']);
    await openTask();
    expect(await count()).toBe(before);
    await listen('/tasks', ['task.opened']);
    const key = await openTask();
    expect(await count()).toBe((before ?? 0) + 1);
    await sql(`UPDATE notification_endpoint SET enabled = false`);
    await openTask();
    expect(await count()).toBe((before ?? 0) + 2);
    await expect(
      world.dataSource.transaction(async (tx) => {
        await tx.query(
          `INSERT INTO task (id, kind, credit_operation_key, reason_code, message, due_at, status, opened_at)
           VALUES ($1, 'contradiction', $2, 'x', 'x', clock_timestamp(), 'open', clock_timestamp())`,
          [randomUUID(), key],
        );
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(await count()).toBe((before ?? 0) + 2);
  });

  it('is repeated later under the same id with the same bytes, and every attempt is in the log', async () => {
    const statuses = [500, 302, 429];
    receiver.answer = () => statuses.shift() ?? 200;
    const { id } = await listen('/moody', ['task.opened']);
    await openTask();
    for (const [attempt, [least, most]] of [
      [8, 11],
      [26, 33],
      [80, 99],
    ].entries()) {
      const { wait_s: wait } = await becomes(id, 'waiting', attempt + 1);
      expect(wait).toBeGreaterThan(least ?? 0);
      expect(wait).toBeLessThan(most ?? 0);
      await hurry(id);
    }
    const { id: delivery } = await becomes(id, 'delivered', 4);
    expect(receiver.at('/moody')).toHaveLength(4);
    expect(receiver.at('/elsewhere')).toEqual([]);
    expect(new Set(receiver.at('/moody').map(({ text }) => text)).size).toBe(1);
    expect(new Set(receiver.at('/moody').map(({ headers }) => headers['webhook-id'])).size).toBe(1);

    const { body } = await admin('GET', `${PATH}/${id}/deliveries/${delivery}`);
    expect(body).toMatchObject({
      status: 'delivered',
      event_type: 'task.opened',
      last_http_status: 200,
      next_attempt_at: null,
      body: JSON.parse(receiver.at('/moody')[0]?.text ?? '') as unknown,
    });
    expect((body['attempt_log'] as { http_status: number }[]).map(({ http_status }) => http_status)).toEqual([
      500, 302, 429, 200,
    ]);
  });

  it('is given up after the last repetition, and sent again by hand', async () => {
    receiver.answer = () => 503;
    const { id } = await listen('/down', ['task.opened']);
    await openTask();
    await becomes(id, 'waiting', 1);
    await sql(`UPDATE notification_delivery SET attempts = 10 WHERE endpoint_id = $1`, [id]);
    await hurry(id);
    const { id: delivery } = await becomes(id, 'given_up', 11);
    expect((await admin('GET', `${PATH}/${id}`)).body).toMatchObject({ waiting: 0, given_up: 1 });

    receiver.answer = () => 200;
    expect(await admin('POST', `${PATH}/${id}/deliveries/${delivery}/resend`)).toMatchObject({
      status: 202,
      body: { delivery_id: delivery },
    });
    await becomes(id, 'delivered', 1);
    expect(new Set(receiver.at('/down').map(({ event }) => event.id)).size).toBe(1);
  });

  it('that cannot be made is tried as often as one that is not taken', async () => {
    const { id } = await listen('/sealed', ['task.opened']);
    await sql(`UPDATE notification_endpoint SET secret_key_id = 'gone.bound' WHERE id = $1`, [id]);
    await openTask();
    await becomes(id, 'waiting', 1);
    await sql(`UPDATE notification_delivery SET attempts = 10 WHERE endpoint_id = $1`, [id]);
    await hurry(id);
    const { id: delivery } = await becomes(id, 'given_up', 11);
    const { body } = await admin('GET', `${PATH}/${id}/deliveries/${delivery}`);
    expect(body).toMatchObject({ last_error: 'failed_on_our_side' });
    expect(receiver.at('/sealed')).toEqual([]);
  });

  it('that a dead process was sending is sent by another one, and one that a living process holds is not', async () => {
    const { id } = await listen('/leased', ['task.opened']);
    const [dead, alive] = [randomUUID(), randomUUID()];
    await sql(
      `INSERT INTO instance (id, host, role, alive_until)
       VALUES ($1, 'x', 'all', clock_timestamp() - interval '1 s'), ($2, 'x', 'all', clock_timestamp() + interval '1 h')`,
      [dead, alive],
    );
    await world.dataSource.transaction(async (tx) => {
      for (const owner of [dead, alive]) {
        const event = randomUUID();
        await tx.query(
          `INSERT INTO notification_event (id, type, subject, occurred_at, data) VALUES ($1, 'task.opened', $2, clock_timestamp(), '{}')`,
          [event, owner],
        );
        await tx.query(
          `INSERT INTO notification_delivery (event_id, endpoint_id, lease_owner) VALUES ($1, $2, $3)`,
          [event, id, owner],
        );
      }
    });
    await waitFor('the take-over', () => receiver.at('/leased').find(({ event }) => event.subject === dead));
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(receiver.at('/leased').map(({ event }) => event.subject)).toEqual([dead]);
  });

  it.each([
    ['delivered', 410],
    ['given_up', 200],
  ])('says nothing of its endpoint once it is %s by other hands', async (status, httpStatus) => {
    const { id } = await listen(`/late-${status}`, ['task.opened']);
    await sql(`UPDATE notification_endpoint SET given_up_since = $2 WHERE id = $1`, [
      id,
      status === 'given_up' ? new Date() : null,
    ]);
    const before = await endpointOf(id);
    const send = jest.spyOn(world.app.get(ChannelSender), 'send').mockImplementationOnce(async () => {
      await sql(
        `UPDATE notification_delivery SET status = $2, settled_at = clock_timestamp(), lease_owner = NULL WHERE endpoint_id = $1`,
        [id, status],
      );
      return { kind: 'answered', httpStatus };
    });
    await openTask();
    const { id: delivery } = await becomes(id, status, 0);
    await waitFor('the late answer', async () =>
      (await sql(`SELECT FROM notification_attempt WHERE delivery_id = $1`, [delivery])).length === 1
        ? true
        : undefined,
    );
    send.mockRestore();
    expect(await endpointOf(id)).toEqual(before);
  });

  it('is forgotten after its time, however many there are, and not before', async () => {
    const endpoint = randomUUID();
    const write = (count: number, age: string) =>
      sql(
        `WITH event AS (
           INSERT INTO notification_event (id, type, subject, occurred_at, data)
           SELECT gen_random_uuid(), 'auction.decided', 'pruned', now() - $2::interval, '{}' FROM generate_series(1, $1)
           RETURNING id),
         delivery AS (
           INSERT INTO notification_delivery (event_id, endpoint_id, status, settled_at)
           SELECT id, $3, 'delivered', now() FROM event RETURNING id)
         INSERT INTO notification_attempt (delivery_id, sent_at, duration_ms, http_status)
         SELECT id, now(), 1, 200 FROM delivery`,
        [count, age, endpoint],
      );
    await write(25_000, '91 days'); // more than ten thousand: so many went in an hour once
    await write(3, '89 days');
    await world.app.get(OutboxPruning).prune();
    const [left] = await sql<{ events: number; deliveries: number }>(
      `SELECT (SELECT count(*) FROM notification_event WHERE subject = 'pruned')::int AS events,
         (SELECT count(*) FROM notification_delivery WHERE endpoint_id = $1)::int AS deliveries`,
      [endpoint],
    );
    expect(left).toEqual({ events: 3, deliveries: 3 });
  });

  it('goes on to the others while one endpoint never answers', async () => {
    receiver.answer = ({ path }) => (path === '/mute' ? undefined : 200);
    await listen('/mute', ['task.opened']);
    await listen('/quick', ['task.opened']);
    for (let i = 0; i < 12; i += 1) await openTask();
    await waitFor('all twelve at the quick one', () =>
      receiver.at('/quick').length === 12 ? true : undefined,
    );
    expect(receiver.at('/mute').length).toBeLessThanOrEqual(4);
  });

  it('ends for an endpoint that says it is gone, and for one that is removed', async () => {
    receiver.answer = () => 410;
    const { id } = await listen('/gone', ['task.opened']);
    await openTask();
    await becomes(id, 'given_up', 1);
    expect((await admin('GET', `${PATH}/${id}`)).body).toMatchObject({
      enabled: false,
      disabled_reason: 'gone',
    });
    expect((await admin('PATCH', `${PATH}/${id}`, { enabled: true })).body).toMatchObject({
      enabled: true,
      disabled_reason: null,
    });

    receiver.answer = () => 500;
    await openTask();
    await waitFor('a second failure', () => (receiver.at('/gone').length >= 2 ? true : undefined));
    expect((await admin('DELETE', `${PATH}/${id}`)).status).toBe(204);
    await openTask();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(receiver.at('/gone')).toHaveLength(2);
    expect((await admin('GET', `${PATH}/${id}`)).status).toBe(404);
    expect((await admin('GET', `${PATH}/${id}/deliveries`)).body['items']).toHaveLength(2);
  });
});
