import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { AlertWatch } from '../../src/alerts/alert-watch.service';
import { ActivePolicy } from '../../src/policy';
import { Troubles } from '../../src/troubles';
import type { Sight, Trouble } from '../../src/troubles/domain';
import { engineFile } from '../support/engine-file';
import { isSignedWith, NotificationReceiver } from '../support/notification-receiver';
import { prometheusRules, samplesFor } from '../support/prometheus-rules';
import { SmtpServer } from '../support/smtp-server';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, MASTER, type AccessWorld, type Call } from './access-world';
import { PolicyDesk, policyNamed } from './policy-world';

const PATH = '/api/v1/notification-endpoints';
const PASSWORD = 'correio-secreto';

describe('alerts', () => {
  let receiver: NotificationReceiver;
  let smtp: SmtpServer;
  let world: AccessWorld;
  let admin: Call;
  let desk: PolicyDesk;
  beforeAll(async () => {
    [receiver, smtp] = await Promise.all([NotificationReceiver.start(), SmtpServer.start()]);
    world = await createAccessWorld({
      ARREMATE_NOTIFY_LOOPBACK: '1',
      ARREMATE_ENGINE_FILE: engineFile({
        notifications: { sweep_ms: 100 },
        alerts: { look_every_ms: 3_600_000, group_ms: 0, over_after_ms: 0 },
      }),
    });
    admin = world.as(MASTER);
    desk = await PolicyDesk.in(world);
    const { port } = smtp;
    const mail = { host: '127.0.0.1', port, security: 'none', sender: 'avisos@fundo.example' };
    const set = await admin('PUT', '/api/v1/mail-server', {
      ...mail,
      username: 'arremate',
      password: PASSWORD,
    });
    expect(set.body).toMatchObject({ server: { ...mail, has_password: true } });
  });
  afterEach(() => jest.restoreAllMocks());
  beforeEach(async () => {
    receiver.received.length = 0;
    receiver.answer = () => 200;
    smtp.received.length = 0;
    smtp.refusal = () => undefined;
    await sql(`UPDATE notification_endpoint SET enabled = false, removed_at = clock_timestamp()`);
  });
  afterAll(async () => {
    await world.close();
    await Promise.all([receiver.stop(), smtp.stop()]);
  });

  const sql = <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    world.dataSource.query<Row[]>(text, values);
  const look = () => world.app.get(AlertWatch).look();
  const open = async () => (await admin('GET', '/api/v1/alerts')).body['open'] as Record<string, unknown>[];
  /** Whether its rule for Prometheus, which asks for more than none, finds any. */
  const rings = async (name: string) => {
    const rule = prometheusRules().find(({ alert }) => alert === name);
    const exposition = String((await world.call('GET', '/metrics')).body['text']);
    return samplesFor(rule?.expr ?? '', exposition).some((value) => value > 0);
  };
  const WAITING = ['alert.approvals_waiting'];

  async function channel(body: Record<string, unknown>): Promise<{ id: string; secret: unknown }> {
    const answer = await admin('POST', PATH, { event_types: WAITING, ...body });
    expect(answer).toMatchObject({ status: 201 });
    return { id: String(answer.body['id']), secret: answer.body['secret'] };
  }
  const slack = (path: string, more = {}) => channel({ channel: 'slack', url: receiver.url + path, ...more });
  const mailTo = (...recipients: string[]) => channel({ channel: 'email', recipients });
  const endpoint = async (id: string) => (await admin('GET', `${PATH}/${id}`)).body;
  async function inReview(name: string): Promise<{ path: string; number: number }> {
    const draft = await desk.draft(policyNamed(name));
    expect((await desk.author('POST', `${draft.path}/submit`)).status).toBe(200);
    return draft;
  }
  const messages = (path: string) => receiver.at(path).map(({ text }) => text);

  it('reach people by mail, Slack and Teams, and systems signed, of what waits and that it is over', async () => {
    const mail = await mailTo('plantao@fundo.example', 'credito@fundo.example');
    const chat = await slack('/services/T0/B0/segredo');
    await channel({ channel: 'teams', url: `${receiver.url}/teams` });
    const system = await channel({ url: `${receiver.url}/system` });
    expect([mail.secret, chat.secret]).toEqual([null, null]);
    expect(await endpoint(chat.id)).toMatchObject({ url: `${receiver.url}/…` });

    const [first, second] = [await desk.draft(policyNamed('Uma')), await desk.draft(policyNamed('Outra'))];
    // At once: between the two there is no room for a look by the clock, which would tell of one alone.
    await Promise.all([first, second].map(({ path }) => desk.author('POST', `${path}/submit`)));
    await look();
    await look();
    const letter = await waitFor('the mail', () => smtp.received[0]);
    expect(letter).toMatchObject({
      from: 'avisos@fundo.example',
      to: ['plantao@fundo.example', 'credito@fundo.example'],
      login: `arremate:${PASSWORD}`,
    });
    // Both in one message, and each once.
    const [said] = await waitFor('the chat', () =>
      messages('/services/T0/B0/segredo').length > 0 ? messages('/services/T0/B0/segredo') : undefined,
    );
    for (const { number } of [first, second])
      expect(said).toContain(`À espera de aprovação: uma versão da política (${String(number)}), desde`);
    expect(JSON.parse(said ?? '')).toEqual({
      text: expect.stringContaining('/plantao|Abrir o plantão>') as string,
    });
    const [card] = await waitFor('the card', () =>
      messages('/teams').length > 0 ? messages('/teams') : undefined,
    );
    expect(JSON.parse(card ?? '')).toMatchObject({
      type: 'message',
      attachments: [
        { content: { type: 'AdaptiveCard', body: [{ type: 'TextBlock' }, { type: 'TextBlock' }] } },
      ],
    });
    await waitFor('both webhooks', () => (receiver.at('/system').length === 2 ? true : undefined));
    for (const one of receiver.at('/system')) expect(isSignedWith(String(system.secret), one)).toBe(true);
    expect(receiver.received).toHaveLength(4);

    const items = await open();
    expect(items.map(({ line }) => line)).toEqual(
      expect.arrayContaining([expect.stringContaining(`(${String(first.number)})`) as string]),
    );
    expect(items[0]).toMatchObject({
      runbook: { page: 'approvals-waiting', title: 'À espera de aprovação' },
    });
    receiver.received.length = 0;
    await desk.approver('POST', `${first.path}/send_back`, { reason: 'x' });
    await desk.approver('POST', `${second.path}/send_back`, { reason: 'x' });
    await look();
    await waitFor('that it is over', () =>
      messages('/services/T0/B0/segredo')[0]?.includes('Resolvido: À espera'),
    );
    expect(await open()).toEqual([]);

    // Nobody's name, address or secret: neither in what was told nor in what is stored.
    const dump = await sql<{ text: string }>(
      `SELECT string_agg(data::text, ' ') AS text FROM notification_event UNION ALL
       SELECT string_agg(p::text, ' ') FROM notification_endpoint p UNION ALL
       SELECT string_agg(m::text, ' ') FROM mail_server m UNION ALL
       SELECT string_agg(a::text, ' ') FROM audit_event a`,
    );
    for (const text of [JSON.stringify(dump), JSON.stringify((await admin('GET', PATH)).body)]) {
      expect(text).not.toContain('segredo');
      expect(text).not.toContain(PASSWORD);
      expect(text).not.toContain(Buffer.from('segredo').toString('hex'));
    }
  });

  it('are told where they did not arrive, tried again within limits, and hold up nobody', async () => {
    const gone = await slack('/gone');
    const good = await slack('/good');
    const mail = await mailTo('ninguem@fundo.example');
    receiver.answer = ({ path }) => (path === '/gone' ? 404 : 200);
    smtp.refusal = () => '550 no such person here';
    const { path } = await inReview('Não chega');
    await look();
    await waitFor('the good one', () => messages('/good')[0]);
    const failsWith = async (id: string, why: string) =>
      waitFor(`${why} to be told`, async () =>
        (await endpoint(id))['failing_with'] === why ? true : undefined,
      );
    await failsWith(gone.id, 'HTTP 404');
    await failsWith(mail.id, 'SMTP_550');
    const log = await admin('GET', `${PATH}/${gone.id}/deliveries?status=waiting`);
    expect(log.body['items']).toMatchObject([
      { attempts: 1, last_http_status: 404, next_attempt_at: expect.any(String) as string },
    ]);
    // A third time in vain, and people are told by whatever works.
    await sql(
      `UPDATE notification_endpoint SET event_types = event_types || ARRAY['alert.notifications_failing'] WHERE id = $1`,
      [good.id],
    );
    await sql(
      `UPDATE notification_delivery SET attempts = 3, not_before = not_before + interval '1 h' WHERE status = 'waiting'`,
    );
    await look();
    await waitFor('the alert', () =>
      messages('/good').find((text) => text.includes('Avisos que não chegam') && text.includes('2 canais')),
    );
    // Mended, what waited arrives.
    receiver.answer = () => 200;
    smtp.refusal = () => undefined;
    await sql(`UPDATE notification_delivery SET not_before = clock_timestamp() WHERE status = 'waiting'`);
    await waitFor('the mail', () => smtp.received[0]);
    await waitFor('the chat', () => (messages('/gone').length > 1 ? true : undefined));
    await desk.approver('POST', `${path}/send_back`, { reason: 'x' });
    await look();
    await look();
  });

  const failing = async () => (await open()).filter(({ kind }) => kind === 'notifications_failing');
  const arrivesAt = async (id: string) => {
    await admin('POST', `${PATH}/${id}/trial`);
    await waitFor(`nothing to fail at ${id}`, async () =>
      (await endpoint(id))['failing_with'] === null ? true : undefined,
    );
  };

  it('are told of a channel that was given up, until something arrives there', async () => {
    const lost = await slack('/lost');
    receiver.answer = () => 404;
    await admin('POST', `${PATH}/${lost.id}/trial`);
    const sent = async (attempts: number) =>
      waitFor(`attempt ${String(attempts)}`, async () => {
        const rows = await sql(
          `SELECT FROM notification_delivery WHERE endpoint_id = $1 AND attempts = $2 AND lease_owner IS NULL`,
          [lost.id, attempts],
        );
        return rows[0];
      });
    await sent(1);
    await look();
    expect(await rings('ArremateNotificationsFailing')).toBe(false); // one sending is tried again
    await sql(`UPDATE notification_delivery SET attempts = 10 WHERE endpoint_id = $1`, [lost.id]);
    await look();
    expect(await rings('ArremateNotificationsFailing')).toBe(true);
    const [alert] = await failing();
    expect(alert).toMatchObject({ line: expect.stringContaining('1 canal') as string });
    await sql(`UPDATE notification_delivery SET not_before = clock_timestamp() WHERE endpoint_id = $1`, [
      lost.id,
    ]);
    await sent(11);
    await look();
    await look();
    expect(await failing()).toMatchObject([{ id: alert?.['id'], resolved_at: null }]);
    expect(await endpoint(lost.id)).toMatchObject({ waiting: 0, given_up: 1, failing_with: 'HTTP 404' });
    receiver.answer = () => 200;
    await arrivesAt(lost.id);
    await look();
    expect(await failing()).toEqual([]);
    expect(await rings('ArremateNotificationsFailing')).toBe(false);
  });

  it('are told of a busy channel that has taken nothing for a minute, though nothing was sent three times', async () => {
    const { id } = await slack('/busy');
    receiver.answer = () => 503;
    await admin('POST', `${PATH}/${id}/trial`);
    const since = async () =>
      (
        await sql<{ since: Date | null }>(
          `SELECT failing_since AS since FROM notification_endpoint WHERE id = $1`,
          [id],
        )
      )[0]?.since;
    await waitFor('the first sending', async () => (await since()) ?? undefined);
    await sql(
      `UPDATE notification_endpoint SET failing_since = failing_since - interval '1 minute' WHERE id = $1`,
      [id],
    );
    await look();
    expect(await failing()).toMatchObject([{ line: expect.stringContaining('1 canal') as string }]);
    receiver.answer = () => 200;
    await sql(`UPDATE notification_delivery SET not_before = clock_timestamp() WHERE status = 'waiting'`);
    await arrivesAt(id);
    expect(await since()).toBeNull();
    await sql(`UPDATE notification_delivery SET not_before = clock_timestamp() WHERE status = 'waiting'`);
    await look();
    await look();
    expect(await failing()).toEqual([]);
  });

  it('are told of a channel that says it is gone, until it is switched on and something arrives', async () => {
    const { id } = await slack('/left');
    receiver.answer = () => 410;
    await admin('POST', `${PATH}/${id}/trial`);
    await waitFor('the end', async () => ((await endpoint(id))['enabled'] === false ? true : undefined));
    await look();
    expect(await failing()).toMatchObject([{ line: expect.stringContaining('1 canal') as string }]);
    receiver.answer = () => 200;
    await admin('PATCH', `${PATH}/${id}`, { enabled: true });
    await look();
    expect(await failing()).toHaveLength(1);
    await arrivesAt(id);
    await look();
    expect(await failing()).toEqual([]);
  });

  it('by mail are repeated to those alone whom they did not reach', async () => {
    const [one, other] = ['uma@fundo.example', 'outra@Fundo.example'];
    const { id } = await mailTo(one, other);
    const trial = async (refused: (recipient: string) => boolean) => {
      smtp.refusal = (to) => (refused(to) ? '451 come again' : undefined);
      const { body } = await admin('POST', `${PATH}/${id}/trial`);
      const path = `${PATH}/${id}/deliveries/${String(body['delivery_id'])}`;
      const becomes = (status: string, attempts: number) =>
        waitFor(`${status} after ${String(attempts)}`, async () => {
          const found = (await admin('GET', path)).body;
          return found['status'] === status && found['attempts'] === attempts ? found : undefined;
        });
      return { becomes, told: await becomes('waiting', 1) };
    };
    const hurry = () =>
      sql(`UPDATE notification_delivery SET not_before = clock_timestamp() WHERE status = 'waiting'`);
    const sentTo = () => smtp.received.map(({ to }) => to.join().toLowerCase()).sort();

    const half = await trial((to) => to.startsWith('outra@'));
    expect(half.told).toMatchObject({ last_error: 'SMTP_451', taken_by: [one] });
    expect(await endpoint(id)).toMatchObject({ failing_with: 'SMTP_451', waiting: 1 });
    expect(sentTo()).toEqual(['uma@fundo.example']);
    const none = await trial(() => true);
    expect(none.told).toMatchObject({ last_error: 'SMTP_451', taken_by: [] });
    smtp.refusal = () => undefined;
    smtp.received.length = 0;
    await hurry();
    await half.becomes('delivered', 2);
    await none.becomes('delivered', 2);
    expect(sentTo()).toEqual(['outra@fundo.example', 'uma@fundo.example,outra@fundo.example']);

    // Who is no recipient any more is waited for no longer.
    const last = await trial((to) => to.startsWith('outra@'));
    expect((await admin('PATCH', `${PATH}/${id}`, { recipients: [one] })).status).toBe(200);
    smtp.received.length = 0;
    await hurry();
    await last.becomes('delivered', 2);
    expect(sentTo()).toEqual([]);
  });

  it('without a mail server the log says so; a server that is down too', async () => {
    const mail = await mailTo('alguem@fundo.example');
    const { server } = (await admin('GET', '/api/v1/mail-server')).body as { server: { port: number } };
    await sql(`UPDATE mail_server SET port = 1`);
    await admin('POST', `${PATH}/${mail.id}/trial`);
    await waitFor('the refusal', async () =>
      (await endpoint(mail.id))['failing_with'] === 'ESOCKET' ||
      (await endpoint(mail.id))['failing_with'] === 'ECONNREFUSED' ||
      (await endpoint(mail.id))['failing_with'] === 'ECONNECTION'
        ? true
        : undefined,
    );
    await sql(`UPDATE mail_server SET port = $1`, [server.port]);
    await sql(`UPDATE notification_delivery SET not_before = clock_timestamp() WHERE status = 'waiting'`);
    // What an earlier test left on its way may come first.
    await waitFor('the mail', () => smtp.received.find(({ to }) => to.includes('alguem@fundo.example')));
  });

  /** Night, whatever the time: from an hour ago until in an hour. */
  const nightNow = () => {
    const at = (minutes: number) =>
      new Intl.DateTimeFormat('en-GB', {
        timeZone: 'America/Sao_Paulo',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      }).format(Date.now() + minutes * 60_000);
    return { quiet_from: at(-60), quiet_until: at(60) };
  };

  /** What became of everything that was to be told there, oldest first. */
  const told = (on: string, expected: readonly string[]) =>
    waitFor(`that it is ${expected.join(', ')}`, async () => {
      const rows = await sql<{ said: string }>(
        `SELECT d.status || ' ' || (data ->> 'status') AS said
         FROM notification_delivery d JOIN notification_event e ON e.id = event_id WHERE endpoint_id = $1 ORDER BY d.id`,
        [on],
      );
      return isDeepStrictEqual(
        rows.map(({ said }) => said),
        expected,
      )
        ? true
        : undefined;
    });
  const stuck: Trouble = { kind: 'commands_waiting', severity: 'critical', since: new Date(), count: 1 };
  const OF_COMMANDS = { event_types: ['alert.commands_waiting'] };

  it('tell people no earlier word of a thing once there is a later one; a system gets each', async () => {
    receiver.answer = () => 503;
    const { id } = await slack('/late', OF_COMMANDS);
    await channel({ url: `${receiver.url}/each`, ...OF_COMMANDS });
    troubled(stuck);
    await look();
    await Promise.all(['/late', '/each'].map((path) => waitFor('a sending', () => messages(path)[0])));
    troubled();
    await look();
    // It began anew before the end of the first was told.
    troubled(stuck);
    await look();
    await told(id, ['withdrawn raised', 'withdrawn resolved', 'waiting raised']);
    // Whatever is not told any more, the channel fails all the same.
    expect((await endpoint(id))['failing_with']).toBe('HTTP 503');

    await waitFor('the newest, not taken', async () => {
      const [row] = await sql(
        `SELECT FROM notification_delivery WHERE endpoint_id = $1 AND status = 'waiting' AND attempts > 0`,
        [id],
      );
      return row;
    });
    receiver.received.length = 0;
    receiver.answer = () => 200;
    troubled();
    await look();
    await waitFor('that it is over', () => messages('/late')[0]);
    await sql(`UPDATE notification_delivery SET not_before = now() WHERE status = 'waiting'`);
    await waitFor('all of it, where a system listens', () => messages('/each')[3]);
    expect(messages('/late')).toEqual([expect.stringContaining('Resolvido: ')]);
    // By hand any of them is sent again.
    const { items } = (await admin('GET', `${PATH}/${id}/deliveries`)).body as { items: { id: string }[] };
    const [first] = items.slice(-1);
    await admin('POST', `${PATH}/${id}/deliveries/${String(first?.id)}/resend`);
    await waitFor('what was sent by hand', () => messages('/late')[1]);
  });

  it('tell people nothing again of which there was a later word while it was sent', async () => {
    receiver.answer = () => undefined;
    const { id } = await slack('/slow', OF_COMMANDS);
    troubled(stuck);
    await look();
    await waitFor('a sending without an answer', () => messages('/slow')[0]);
    troubled();
    await look();
    receiver.answer = () => 200;
    await waitFor('that it is over', () => messages('/slow')[1]);
    await told(id, ['withdrawn raised', 'delivered resolved']);
  });

  it('tell people nothing that a dead process was sending, once there was a later word', async () => {
    receiver.answer = () => 503;
    const { id } = await slack('/died', OF_COMMANDS);
    troubled(stuck);
    await look();
    const sender = randomUUID();
    await sql(
      `INSERT INTO instance (id, host, role, alive_until) VALUES ($1, 'h', 'worker', now() + interval '1 hour')`,
      [sender],
    );
    await waitFor('what another process is sending', async () => {
      const rows = await sql<{ held: boolean }>(
        `WITH taken AS (
           UPDATE notification_delivery SET lease_owner = $2, not_before = now()
           WHERE endpoint_id = $1 AND attempts > 0 AND lease_owner IS NULL RETURNING true AS held) SELECT * FROM taken`,
        [id, sender],
      );
      return rows[0];
    });
    receiver.answer = () => 200;
    receiver.received.length = 0;
    troubled();
    await look();
    await told(id, ['waiting raised', 'delivered resolved']);
    await sql(`UPDATE instance SET alive_until = now() - interval '1 second' WHERE id = $1`, [sender]);
    await told(id, ['withdrawn raised', 'delivered resolved']);
    expect(messages('/died')).toEqual([expect.stringContaining('Resolvido: ')]);
    await sql(`DELETE FROM instance WHERE id = $1`, [sender]);
  });

  it('tell people of what was critical as soon as they would have been told, though it is none any more', async () => {
    const { id } = await slack('/softer', { ...OF_COMMANDS, ...nightNow() });
    receiver.answer = () => 503;
    troubled(stuck);
    await look();
    await waitFor('a sending that was not taken', () => messages('/softer')[0]);
    troubled({ ...stuck, severity: 'warning' });
    await look();
    troubled();
    await look();
    await told(id, ['withdrawn raised', 'waiting resolved']);
    const [{ minutes } = { minutes: 60 }] = await sql<{ minutes: number }>(
      `SELECT extract(epoch FROM not_before - now())::float / 60 AS minutes FROM notification_delivery
       WHERE endpoint_id = $1 AND status = 'waiting'`,
      [id],
    );
    expect(minutes).toBeLessThan(1);
  });

  it('leave people in peace at night, unless it is critical', async () => {
    const { id } = await slack('/night', {
      event_types: [...WAITING, 'alert.commands_waiting'],
      ...nightNow(),
    });
    const { path } = await inReview('De noite');
    await look();
    const [waiting] = await sql<{ minutes: number }>(
      `SELECT extract(epoch FROM not_before - clock_timestamp())::float / 60 AS minutes FROM notification_delivery WHERE endpoint_id = $1`,
      [id],
    );
    expect(waiting?.minutes).toBeGreaterThan(50);
    await sql(
      `INSERT INTO alert (id, kind, subject, severity, since, raised_at, seen_at, told_at)
       VALUES ($1, 'commands_waiting', '', 'critical', now() - interval '2 h', now(), now() - interval '1 h', now())`,
      [randomUUID()],
    );
    await look();
    await waitFor('what is critical', () => messages('/night').find((text) => /recebe pedidos/.test(text)));
    expect(messages('/night').join()).not.toContain('À espera');
    await desk.approver('POST', `${path}/send_back`, { reason: 'x' });
    await look();
  });

  const learnt = (digit: number, state: 'in_force' | 'waiting', policyHash: string) =>
    sql(
      `INSERT INTO rate_model_version (hash, document, policy_hash, segments, trained_through, figures, made_at, state, stage,
         stage_since, waits_for)
       VALUES (repeat($1, 64), '{}', $2, '', '2026-08-16', $3, now(), $4, 'shadow', '2026-08-10', '{FASTER_THAN_LIMIT}')`,
      [
        String(digit),
        policyHash,
        JSON.stringify({ calibrated: 1_000, calibrationError: 0.09, driftAlarms: ['2026-08-15'] }),
        state,
      ],
    );
  const activePolicy = () => world.app.get(ActivePolicy).current().compiled.hash;
  const retire = () => sql(`UPDATE rate_model_version SET state = 'retired' WHERE state <> 'retired'`);

  it('tell that learned rates win otherwise than they foretold, until they are at the table', async () => {
    await learnt(0, 'in_force', activePolicy());
    await look();
    const told = (await open()).filter(({ kind }) => kind === 'rates_in_doubt');
    expect(told.map(({ line }) => line).sort()).toEqual([
      expect.stringContaining(
        'fora do previsto: o erro de calibração das taxas aprendidas passa de 8 pontos',
      ),
      expect.stringContaining('fora do previsto: o mercado mudou nos últimos dias'),
    ]);
    expect(told[0]).toMatchObject({ runbook: { title: 'Chances de ganhar fora do previsto' } });
    const { body } = await world.call('GET', '/metrics');
    expect(String(body['text'])).toContain('arremate_alerts{kind="rates_in_doubt"} 2');
    await sql(
      `UPDATE rate_model_line SET returned_at = now(), returned_by = 'x', returned_for = 'PERSON', returned_reason = 'x'`,
    );
    await look();
    expect((await open()).map(({ kind }) => kind)).toEqual(['rates_returned']);
    await sql(
      `UPDATE rate_model_line SET returned_at = NULL, returned_by = NULL, returned_for = NULL, returned_reason = NULL`,
    );
    await retire();
    await look();
  });

  it('tell nothing of learned rates that were made for a policy that is not active any more', async () => {
    const before = activePolicy();
    await learnt(1, 'in_force', before);
    await learnt(2, 'waiting', before);
    await look();
    const kinds = async () => new Set((await open()).map(({ kind }) => kind));
    expect(await kinds()).toEqual(new Set(['rates_in_doubt', 'approvals_waiting']));
    const { path, etag } = await desk.approved(policyNamed('Sem aprendizado'));
    await desk.backtested(etag);
    expect((await desk.activate(path)).status).toBe(200);
    await look();
    expect(await kinds()).toEqual(new Set());
    await retire();
  });

  /** What a look finds wrong, for as long as the test lasts. */
  const troubled = (...found: Trouble[]) => sees({ troubles: found, untold: [] });
  const sees = (sight: Sight) => jest.spyOn(world.app.get(Troubles), 'look').mockResolvedValue(sight);
  const qiDown: Trouble = { kind: 'qi_down', severity: 'critical', since: new Date() };

  it('stay open, and in hand, while nobody can read whether they are over', async () => {
    const operator = world.as(await world.tokenFor('operator'));
    const becomes = (isUnread: boolean) =>
      waitFor(`figures that are ${isUnread ? 'not ' : ''}read`, async () => {
        const troubles = await world.app.get(Troubles).current();
        return troubles.some(({ kind }) => kind === 'database_down') === isUnread ? true : undefined;
      });
    troubled({ kind: 'commands_waiting', severity: 'critical', since: new Date(), count: 1 });
    await look();
    jest.restoreAllMocks();
    const [alert] = await open();
    expect(await operator('POST', `/api/v1/alerts/${String(alert?.['id'])}/acknowledge`)).toMatchObject({
      status: 204,
    });
    await world.asOwner(`ALTER TABLE proposal_command RENAME TO away`);
    await becomes(true);
    await look();
    const unread = await open();
    await world.asOwner(`ALTER TABLE away RENAME TO proposal_command`);
    expect(unread).toMatchObject([
      { id: alert?.['id'], kind: 'commands_waiting', acknowledged_at: expect.any(String) as string },
    ]);
    await becomes(false);
    await look();
    expect(await open()).toEqual([]);
  });

  it('of a certificate stay open while nobody can ask its host, and not for another one', async () => {
    const ending = { kind: 'certificate_ending', detail: 'api.qi.example' } as const;
    troubled({ ...ending, severity: 'warning', since: new Date(), count: 20 });
    await look();
    sees({ troubles: [], untold: [ending] });
    await look();
    expect(await open()).toMatchObject([{ kind: ending.kind }]);
    sees({ troubles: [], untold: [{ ...ending, detail: 'arremate.example' }] });
    await look();
    expect(await open()).toEqual([]);
  });

  it('tell of a cap that is used many million times over, and of the rest beside it', async () => {
    const tiny = policyNamed('Um centavo');
    const { path, etag } = await desk.approved({
      ...tiny,
      exposure: { ...(tiny['exposure'] as object), total: '0.01' },
    });
    await desk.backtested(etag);
    expect((await desk.activate(path)).status).toBe(200);
    await sql(`INSERT INTO limit_use (name, key, used, revision) VALUES ('total', '', 300000, 1)`);
    troubled(qiDown);
    await look();
    expect((await open()).map(({ line }) => line)).toEqual([
      expect.stringContaining('QI fora'),
      expect.stringMatching(/exposição total.*9999 por cento/),
    ]);
    await sql(`DELETE FROM limit_use WHERE name = 'total'`);
    troubled();
    await look();
  });

  it('tell that bidding is stopped for hours, until it goes on; not where it stops because nobody watches', async () => {
    const stopped = async () => (await open()).filter(({ kind }) => kind === 'bidding_stopped');
    const stop = async (actor: string, hours: number) => {
      await sql(
        `UPDATE kill_switch SET engaged = true, actor = $1, changed_at = now() - $2 * interval '1 hour'`,
        [actor, hours],
      );
      await look();
    };
    await stop('ana', 3);
    expect(await stopped()).toEqual([]);
    await stop('system:unwatched', 5);
    expect(await stopped()).toEqual([]);
    await stop('ana', 5);
    expect(await stopped()).toMatchObject([
      { severity: 'warning', line: expect.stringMatching(/^Lances parados há horas: desde/) as string },
    ]);
    expect(await rings('ArremateBiddingStopped')).toBe(true);
    await sql(`UPDATE kill_switch SET engaged = false`);
    await look();
    expect(await stopped()).toEqual([]);
    expect(await rings('ArremateBiddingStopped')).toBe(false);
  });

  it('tell at night too that a restore stopped all, until somebody has confirmed what was found', async () => {
    await slack('/restored', { event_types: ['alert.restore_unconfirmed'], ...nightNow() });
    await sql(
      `INSERT INTO recovery (found_by, sign, ended_generations, known_until, bids_from, counts, found_at)
       VALUES ('test', 'new_timeline', '{}', now(), now(), '{}', now() - interval '5 hours')`,
    );
    await sql(
      `UPDATE kill_switch SET engaged = true, actor = 'system:recovery', changed_at = now() - interval '5 hours'`,
    );
    await look();
    // Bidding is stopped for hours too, and nobody could let it go on.
    expect(await open()).toMatchObject([
      {
        kind: 'restore_unconfirmed',
        severity: 'critical',
        line: expect.stringMatching(/outro servidor assumiu o banco/) as string,
        runbook: { page: 'restore' },
      },
    ]);
    await waitFor('people to be told', () =>
      messages('/restored').find((text) => text.includes('outro servidor assumiu o banco')),
    );
    await sql(`UPDATE recovery SET confirmed_at = now(), confirmed_by = 'ana', note = 'conferido'`);
    await look();
    expect((await open()).map(({ kind }) => kind)).toEqual(['bidding_stopped']);
    await sql(`UPDATE kill_switch SET engaged = false`);
    await look();
  });

  it('do not tell that bidding goes on, for a restore, that somebody had stopped before', async () => {
    const kinds = async () => (await open()).map(({ kind }) => kind);
    await sql(
      `UPDATE kill_switch SET engaged = true, actor = 'ana', changed_at = now() - interval '5 hours'`,
    );
    await look();
    expect(await kinds()).toEqual(['bidding_stopped']);
    await sql(
      `INSERT INTO recovery (found_by, sign, ended_generations, known_until, bids_from, counts)
       VALUES ('test', 'new_timeline', '{}', now(), now(), '{}')`,
    );
    await sql(`UPDATE kill_switch SET engaged = true, actor = 'system:recovery', changed_at = now()`);
    await look();
    expect((await kinds()).toSorted()).toEqual(['bidding_stopped', 'restore_unconfirmed']);
    await sql(
      `UPDATE recovery SET confirmed_at = now(), confirmed_by = 'ana', note = 'x' WHERE confirmed_at IS NULL`,
    );
    await sql(`UPDATE kill_switch SET engaged = false`);
    await look();
    expect(await kinds()).toEqual([]);
  });

  it('go on telling that bidding is stopped when somebody stops it again, with another reason', async () => {
    const stopped = async () => (await open()).filter(({ kind }) => kind === 'bidding_stopped');
    const again = async () => {
      const answer = await admin('POST', '/api/v1/kill-switch/engage', { reason: 'outro motivo' });
      expect(answer.status).toBe(200);
      await look();
    };
    await sql(
      `UPDATE kill_switch SET engaged = true, actor = 'ana', changed_at = now() - interval '5 hours'`,
    );
    await look();
    const [first] = await stopped();
    expect(first).toBeDefined();
    await again();
    await again();
    expect(await stopped()).toEqual([first]);
    await sql(`UPDATE kill_switch SET engaged = false`);
    await again();
    expect(await stopped()).toEqual([]);
    await sql(`UPDATE kill_switch SET engaged = false`);
  });

  it('do not tell of a stop that has just begun as of an older one, whichever release let bidding go on between', async () => {
    expect((await admin('POST', '/api/v1/kill-switch/engage', { reason: 'preço errado' })).status).toBe(200);
    await sql(`UPDATE kill_switch SET engaged_since = now() - interval '5 hours'`);
    const asTheReleaseBefore = (engaged: boolean) =>
      sql(
        `UPDATE kill_switch SET engaged = $1, reason = 'x', actor = 'ana', changed_at = clock_timestamp()
         WHERE name = 'bidding'`,
        [engaged],
      );
    await asTheReleaseBefore(false);
    await asTheReleaseBefore(true);
    await look();
    expect((await open()).filter(({ kind }) => kind === 'bidding_stopped')).toEqual([]);
    await asTheReleaseBefore(false);
  });

  it('that cannot be written hold up none of the others', async () => {
    const full: Trouble = { kind: 'disk_full', severity: 'critical', since: new Date(), count: 5e9 };
    await slack('/beside', { event_types: ['alert.qi_down', 'alert.disk_full'] });
    troubled(full, qiDown);
    await look();
    await waitFor('the other', () => messages('/beside').find((text) => text.includes('QI fora')));
    expect((await open()).map(({ kind }) => kind)).toEqual(['qi_down']);
    troubled(full);
    await look();
    await waitFor('its end', () => messages('/beside').find((text) => text.includes('Resolvido: QI fora')));
    expect(messages('/beside').join()).not.toContain('Disco');
  });

  it('tell at night too that a warning which somebody has in hand has become critical', async () => {
    const { id: channelId } = await slack('/worse', { event_types: ['alert.disk_full'], ...nightNow() });
    const full = (severity: Trouble['severity'], count: number): Trouble => {
      const since = new Date('2026-08-18T03:00:00Z');
      return { kind: 'disk_full', severity, since, count, detail: '/dados' };
    };
    troubled(full('warning', 14));
    await look();
    const operator = world.as(await world.tokenFor('operator'));
    const [alert] = await open();
    expect(await operator('POST', `/api/v1/alerts/${String(alert?.['id'])}/acknowledge`)).toMatchObject({
      status: 204,
    });
    troubled(full('critical', 4));
    await look();
    await waitFor('that it is worse', () => messages('/worse')[0]);
    expect(messages('/worse')[0]).toContain('Disco quase cheio: /dados, desde 18/08 00:00, 4 por cento');
    expect(await open()).toMatchObject([
      { id: alert?.['id'], severity: 'critical', acknowledged_by: null, acknowledged_at: null },
    ]);
    // In the morning nobody is told of the mere warning.
    await told(channelId, ['withdrawn raised', 'delivered raised']);
    troubled();
    await look();
  });

  it('are taken in hand by one person, for everybody to see', async () => {
    const { path } = await inReview('Em mãos');
    await look();
    const [alert] = await open();
    const id = String(alert?.['id']);
    const operator = world.as(await world.tokenFor('operator'));
    const viewer = world.as(await world.tokenFor('viewer'));
    expect((await viewer('POST', `/api/v1/alerts/${id}/acknowledge`)).status).toBe(403);
    for (let times = 0; times < 2; times += 1)
      expect((await operator('POST', `/api/v1/alerts/${id}/acknowledge`)).status).toBe(204);
    expect((await open())[0]).toMatchObject({ acknowledged_by: expect.stringContaining('token:') as string });
    await desk.approver('POST', `${path}/send_back`, { reason: 'x' });
    await look();
    expect((await operator('POST', `/api/v1/alerts/${id}/acknowledge`)).status).toBe(404);
  });

  it('are in nobody’s hands once whoever had them may not have them any more', async () => {
    const { path } = await inReview('Saiu');
    await look();
    const [alert] = await open();
    const { body: token } = await world.master('POST', '/api/v1/tokens', {
      name: 'leaver',
      roles: ['operator'],
    });
    const leaver = world.as(String(token['token']));
    await leaver('POST', `/api/v1/alerts/${String(alert?.['id'])}/acknowledge`);
    await look();
    expect(await open()).toMatchObject([{ acknowledged_by: token['actor'] }]);
    await world.master('DELETE', `/api/v1/tokens/${String(token['id'])}`);
    await look();
    expect(await open()).toMatchObject([{ acknowledged_by: null, acknowledged_at: null }]);
    await desk.approver('POST', `${path}/send_back`, { reason: 'x' });
    await look();
  });

  it.each(['webhook', 'slack', 'teams'])(
    'a %s stays where it is when no recipients are given to it',
    async (kind) => {
      const { id } = await channel({ channel: kind, url: `${receiver.url}/${kind}` });
      const { url } = await endpoint(id);
      const change = { recipients: [], description: 'plantão' };
      expect(await admin('PATCH', `${PATH}/${id}`, change)).toMatchObject({
        status: 200,
        body: { url, description: 'plantão' },
      });
      await admin('POST', `${PATH}/${id}/trial`);
      await waitFor('the trial', () => messages(`/${kind}`)[0]);
    },
  );

  it('ask for what their channel needs', async () => {
    const cases = [
      { channel: 'email' },
      { channel: 'email', recipients: ['ninguém'] },
      { channel: 'slack', url: 'http://hooks.slack.com/x' },
      { channel: 'teams', url: 'https://10.0.0.1/x' },
      { channel: 'slack', url: `${receiver.url}/x`, event_types: ['auction.won'] },
      { channel: 'slack', url: `${receiver.url}/x`, quiet_from: '22:00' },
      { channel: 'slack', url: `${receiver.url}/x`, quiet_from: '25:00', quiet_until: '07:00' },
    ];
    for (const body of cases)
      expect((await admin('POST', PATH, { event_types: WAITING, ...body })).status).toBe(422);
    const server = { host: 'smtp.example', port: 587, security: 'starttls', sender: 'a@fundo.example' };
    for (const wrong of [{ port: 22 }, { security: 'none' }, { sender: 'x' }, { username: 'outro' }])
      expect((await admin('PUT', '/api/v1/mail-server', { ...server, ...wrong })).status).toBe(422);
  });
});
