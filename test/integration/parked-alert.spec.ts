import { randomUUID } from 'node:crypto';
import { AlertWatch } from '../../src/alerts/alert-watch.service';
import { engineFile } from '../support/engine-file';
import { NotificationReceiver } from '../support/notification-receiver';
import { prometheusRules, samplesFor } from '../support/prometheus-rules';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, type AccessWorld, type Call } from './access-world';

describe('webhooks that are parked', () => {
  let receiver: NotificationReceiver;
  let world: AccessWorld;
  let admin: Call;
  let operator: Call;
  beforeAll(async () => {
    receiver = await NotificationReceiver.start();
    world = await createAccessWorld({
      ARREMATE_NOTIFY_LOOPBACK: '1',
      ARREMATE_ENGINE_FILE: engineFile({
        notifications: { sweep_ms: 100 },
        alerts: { look_every_ms: 3_600_000, group_ms: 0, over_after_ms: 0 },
      }),
    });
    admin = world.master;
    operator = world.as(await world.tokenFor('operator'));
    const told = { channel: 'webhook', url: `${receiver.url}/told`, event_types: ['alert.webhooks_parked'] };
    expect((await admin('POST', '/api/v1/notification-endpoints', told)).status).toBe(201);
  });
  afterAll(async () => {
    await world.close();
    await receiver.stop();
  });
  beforeEach(async () => {
    await sql(`UPDATE webhook_event SET settled_at = now(), settled_by = 'x' WHERE status = 'parked'`);
    await look();
    await sql(`DELETE FROM alert`);
    await sql(`DELETE FROM notification_event`);
    receiver.received.length = 0;
  });

  const sql = <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    world.dataSource.query<Row[]>(text, values);
  const look = () => world.app.get(AlertWatch).look();
  const open = async () => (await admin('GET', '/api/v1/alerts')).body['open'] as Record<string, unknown>[];
  const told = async () => {
    await waitFor('everything to be told', async () => {
      const [row] = await sql<{ waits: number }>(
        `SELECT count(*)::int AS waits FROM notification_delivery WHERE status = 'waiting'`,
      );
      return row?.waits === 0 ? true : undefined;
    });
    return receiver.at('/told').map(({ event }) => {
      const { status, severity, count } = event.data;
      return [status, severity, count];
    });
  };
  const waiting = async (more = '') => {
    const { body } = await operator('GET', `/api/v1/webhook-events?status=parked${more}`);
    return body['items'] as { id: string; settled_by: string | null; settled_at: string | null }[];
  };
  const done = (deed: 'settle' | 'replay', id: string) =>
    operator('POST', `/api/v1/webhook-events/${id}/${deed}`, { reason: 'acertado com a QI' });
  /** QI tells something that nobody here knows. */
  const strange = async () => {
    const pushed = { webhook_type: 'nobody.knows.it', key: randomUUID() };
    expect((await world.call('POST', '/webhooks/qi', pushed)).status).toBe(200);
  };
  /** The newest that is parked is a win of an auction in which we did not bid. */
  const asWin = () =>
    sql(
      `UPDATE webhook_event SET reason = 'won_while_missed'
       WHERE id = (SELECT max(id) FROM webhook_event WHERE status = 'parked' AND settled_at IS NULL)`,
    );
  const rings = async () => {
    const rule = prometheusRules().find(({ alert }) => alert === 'ArremateParkedUnhandled');
    const exposition = String((await world.call('GET', '/metrics')).body['text']);
    return samplesFor(rule?.expr ?? '', exposition).some((value) => value > 0);
  };

  it('are told once, with their count, until each is handled or settled', async () => {
    await strange();
    await strange();
    await look();
    expect(await open()).toMatchObject([
      {
        kind: 'webhooks_parked',
        severity: 'warning',
        line: expect.stringMatching(
          /^Notificações da QI paradas: desde .*, 2 esperam por uma pessoa$/,
        ) as string,
        runbook: { page: 'webhooks-parked' },
      },
    ]);
    expect(await rings()).toBe(true);
    await strange();
    await look();
    expect(await open()).toMatchObject([{ line: expect.stringContaining('3 esperam') as string }]);
    expect(await told()).toEqual([['raised', 'warning', 2]]);

    const [first, second, third] = await waiting();
    expect((await done('settle', first?.id ?? '')).status).toBe(200);
    expect((await done('settle', second?.id ?? '')).status).toBe(200);
    await look();
    expect(await open()).toMatchObject([{ line: expect.stringContaining('1 espera por') as string }]);
    await sql(`UPDATE webhook_event SET status = 'done', reason = NULL WHERE id = $1`, [third?.id]);
    await look();
    expect(await open()).toEqual([]);
    expect(await rings()).toBe(false);
    expect((await told()).map(([status]) => status)).toEqual(['raised', 'resolved']);
  });

  it('are critical where one says that a loan is ours which nobody decided so, apart from others', async () => {
    await strange();
    await strange();
    await look();
    await asWin();
    await look();
    await look();
    expect(await told()).toEqual([
      ['raised', 'warning', 2],
      ['raised', 'critical', 1],
    ]);
    expect(await open()).toMatchObject([
      { severity: 'critical', line: expect.stringContaining('ganho que ninguém aqui decidiu') as string },
      { severity: 'warning', line: expect.stringContaining('1 espera por uma pessoa') as string },
    ]);
  });

  it('of which another win is one more are told again to whoever has the first in hand, and others are not', async () => {
    await strange();
    await asWin();
    await look();
    const [first] = await open();
    expect((await admin('POST', `/api/v1/alerts/${String(first?.['id'])}/acknowledge`)).status).toBe(204);
    await sql(`UPDATE alert SET told_at = told_at - interval '1 hour'`);
    await strange();
    await look();
    await sql(`UPDATE alert SET told_at = told_at - interval '1 hour'`);
    await strange();
    await look();
    expect(await told()).toEqual([
      ['raised', 'critical', 1],
      ['raised', 'warning', 1],
    ]);
    await asWin();
    await look();
    await look();
    expect((await told()).slice(2)).toEqual([['raised', 'critical', 2]]);
    expect(await open()).toMatchObject([{ severity: 'critical', acknowledged_by: null }, {}]);
  });

  it('are settled by whoever says why, once, and come back when they are handled again in vain', async () => {
    await strange();
    const [event] = await waiting();
    const id = event?.id ?? '';
    const settled = await done('settle', id);
    expect(settled).toMatchObject({ status: 200, body: { id, status: 'parked' } });
    expect(await done('settle', id)).toEqual(settled);
    expect(await waiting()).toEqual([]);
    expect((await waiting('&settled=true')).filter((one) => one.id === id)).toMatchObject([
      { settled_by: settled.body['settled_by'], settled_at: settled.body['settled_at'] },
    ]);
    const audited = await sql<{ action: string; reason: string }>(
      `SELECT action, reason FROM audit_event WHERE subject = $1`,
      [`webhook event ${id}`],
    );
    expect(audited).toEqual([{ action: 'webhook_event.settled', reason: 'acertado com a QI' }]);
    expect((await done('replay', id)).status).toBe(200);
    await waitFor('it to be parked again', async () => (await waiting())[0]);
    expect(await waiting()).toMatchObject([{ id, settled_by: null, settled_at: null }]);
    await done('replay', id);
    await sql(`UPDATE webhook_event SET status = 'done', reason = NULL WHERE id = $1`, [id]);
    expect(await done('settle', id)).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:not_parked' },
    });
    expect((await done('settle', '999999999')).status).toBe(404);
  });

  it('are told of no more once their original was erased: nobody can handle them', async () => {
    await strange();
    await sql(`UPDATE webhook_event SET raw_ciphertext = '' WHERE status = 'parked'`);
    await look();
    expect(await open()).toEqual([]);
  });

  it('are told of once no process of a release runs that does not know how', async () => {
    const older = randomUUID();
    await sql(
      `INSERT INTO instance (id, host, role, version, newest_migration, alive_until)
       VALUES ($1, 'old', 'web', '0.0.1', 1700000014292, clock_timestamp() + interval '1 hour')`,
      [older],
    );
    await strange();
    await look();
    expect(await open()).toEqual([]);
    await sql(`DELETE FROM instance WHERE id = $1`, [older]);
    await look();
    expect(await open()).toMatchObject([{ kind: 'webhooks_parked' }]);
  });

  it('and whatever the next release tells of is neither shown nor ended by this one', async () => {
    await sql(
      `INSERT INTO alert (id, kind, subject, severity, since, raised_at, seen_at, told_at, resolved_at)
       SELECT gen_random_uuid(), 'of_the_next_release', '', 'warning', at, at, at, at, over
       FROM (VALUES (now() - interval '1 hour', NULL), (now() - interval '1 hour', now())) AS one (at, over)`,
    );
    await look();
    const { status, body } = await admin('GET', '/api/v1/alerts');
    expect({ status, body }).toEqual({ status: 200, body: { open: [], over: [] } });
    expect(await sql(`SELECT kind FROM alert WHERE resolved_at IS NULL`)).toEqual([
      { kind: 'of_the_next_release' },
    ]);
  });
});
