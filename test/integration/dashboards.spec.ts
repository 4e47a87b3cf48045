import { randomUUID } from 'node:crypto';
import { parquetReadObjects } from 'hyparquet';
import { Schedules } from '../../src/history/views/schedules.service';
import { engineFile } from '../support/engine-file';
import { isSignedWith, NotificationReceiver } from '../support/notification-receiver';
import { SmtpServer } from '../support/smtp-server';
import { newPerson } from '../support/people';
import { TODAY } from '../support/today';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, type AccessWorld, type Call } from './access-world';

const NAME = 'Fulano de Tal, taxa por prazo';
const QUERY = 'by=status&measures=requests%2Cwin_rate&days=30';

describe('dashboards and scheduled exports', () => {
  let receiver: NotificationReceiver;
  let smtp: SmtpServer;
  let world: AccessWorld;
  let ana: Call;
  let bia: Call;

  beforeAll(async () => {
    [receiver, smtp] = await Promise.all([NotificationReceiver.start(), SmtpServer.start()]);
    world = await createAccessWorld({
      ARREMATE_NOTIFY_LOOPBACK: '1',
      ARREMATE_ENGINE_FILE: engineFile({ notifications: { sweep_ms: 100 }, alerts: { group_ms: 0 } }),
    });
    ana = world.as(await world.tokenFor('analyst'));
    bia = world.as(await world.tokenFor('auditor'));
    const facts = ['won', 'lost', 'lost'].map(
      (status) => `('${randomUUID()}', now(), ${TODAY}, 9, 'private_payroll', '${status}')`,
    );
    await world.dataSource.query(
      `INSERT INTO history_fact (key, received_at, day, hour, product, status) VALUES ${facts.join(', ')}`,
    );
    await world.dataSource.query(`INSERT INTO history_stale_day SELECT day FROM history_fact GROUP BY day`);
  });
  afterAll(async () => {
    await world.close();
    await Promise.all([receiver.stop(), smtp.stop()]);
  });

  async function view(query = QUERY, name = NAME, by = ana): Promise<string> {
    const { status, body } = await by('POST', '/api/v1/views', { name, page: 'explore', query });
    expect(status).toBe(200);
    return String(body['id']);
  }
  async function dashboard(body: object, by = ana) {
    return by('POST', '/api/v1/dashboards', { name: 'Mesa', is_shared: false, view_ids: [], ...body });
  }

  it.each([
    ['by=vintage&measures=win_rate', 'query.by.0'],
    ['by=term&measures=profit', 'query.measures.0'],
    ['by=term&measures=won&employer=x', 'query'],
    ['by=term&measures=won&days=7&from=2026-01-01', 'query.days'],
    ['by=term&measures=won&days=400', 'query.days'],
  ])('keeps no view that asks for %j', async (query, path) => {
    const answer = await ana('POST', '/api/v1/views', { name: 'x', page: 'explore', query });
    expect(answer.status).toBe(422);
    expect(answer.body['errors']).toEqual([expect.objectContaining({ path })]);
  });

  it('is read by everybody once shared, and changed by its owner alone', async () => {
    const ids = [await view(), await view('by=hour&measures=won', 'por hora')];
    const { status, body } = await dashboard({ view_ids: ids });
    expect(status).toBe(201);
    const path = `/api/v1/dashboards/${String(body['id'])}`;
    expect((await bia('GET', path)).status).toBe(404);
    expect((await bia('GET', '/api/v1/dashboards')).body).toEqual({ items: [] });

    const shared = { name: 'Mesa', is_shared: true, view_ids: ids.toReversed() };
    expect((await bia('PUT', path, shared)).status).toBe(404);
    expect((await ana('PUT', path, shared)).status).toBe(200);
    expect((await bia('GET', path)).body).toMatchObject({
      is_mine: false,
      views: [{ name: 'por hora' }, { name: NAME, query: QUERY }],
    });
    const [hourly = '', other = ''] = shared.view_ids;
    const privately = { ...shared, is_shared: false, seen: shared };
    for (const _ of ['first', 'again']) expect((await ana('PUT', path, privately)).status).toBe(200);
    const changed = { status: 409, body: { type: 'urn:arremate:problem:changed_meanwhile' } };
    expect(await ana('PUT', path, { ...shared, view_ids: [other], seen: shared })).toMatchObject(changed);
    expect(
      (await ana('PUT', path, { ...shared, view_ids: [hourly], seen: { ...shared, is_shared: false } }))
        .status,
    ).toBe(200);
    expect(await ana('PUT', path, { ...shared, view_ids: [other], seen: shared })).toMatchObject(changed);
    expect((await ana('PUT', path, shared)).status).toBe(200);
    await bia('DELETE', path);
    expect((await bia('GET', path)).status).toBe(200);

    expect((await dashboard({})).body).toMatchObject({
      type: expect.stringContaining('name_taken') as string,
    });
    expect((await dashboard({ name: 'de outra', view_ids: ids }, bia)).status).toBe(422);
    expect((await ana('DELETE', `/api/v1/views/${ids[0] ?? ''}`)).body).toMatchObject({
      type: expect.stringContaining('in_use') as string,
    });
  });

  it('says of a view whose dimension is gone what is gone; the others are as they were', async () => {
    const odd = await view('by=rank&measures=won', 'de antes');
    const { body } = await dashboard({ name: 'Antiga', view_ids: [odd, await view()] });
    await world.dataSource.query(`UPDATE saved_view SET query = 'by=vintage&measures=won' WHERE id = $1`, [
      odd,
    ]);
    const read = await ana('GET', `/api/v1/dashboards/${String(body['id'])}`);
    const [gone, whole] = (read.body['views'] as { query: string }[]).map(({ query }) => query);
    expect((await ana('GET', `/api/v1/history/pivot?${gone ?? ''}`)).body).toMatchObject({
      status: 422,
      errors: [{ path: 'by.0' }],
    });
    const pivot = await ana('GET', `/api/v1/history/pivot?${whole ?? ''}`);
    expect(pivot.body['rows']).toMatchObject([{ keys: ['lost'] }, { keys: ['won'] }]);
  });

  it('has room for so many and says so', async () => {
    await world.dataSource.query(
      `INSERT INTO dashboard SELECT gen_random_uuid(), owner, 'n' || n, false, now()
       FROM (SELECT DISTINCT owner FROM dashboard) AS d, generate_series(1, 48) AS n`,
    );
    expect((await dashboard({ name: 'uma a mais' })).status).toBe(409);
    await world.dataSource.query(
      `INSERT INTO saved_view SELECT gen_random_uuid(), owner, 'n' || n, 'history', '', now()
       FROM (SELECT DISTINCT owner FROM saved_view) AS v, generate_series(1, 197) AS n`,
    );
    expect((await ana('POST', '/api/v1/views', { name: 'y', page: 'history', query: '' })).status).toBe(409);
    // One of the same name is replaced.
    await view();
    await world.dataSource.query(`DELETE FROM saved_view WHERE page = 'history'`);
  });

  it('leads to a file of one’s own behind however many of schedules, each once, and to nobody else’s', async () => {
    const asked = { format: 'csv', filter: {} };
    const { body: own } = await ana('POST', '/api/v1/exports', asked);
    await bia('POST', '/api/v1/exports', asked);
    // Two of the same microsecond each: a page may end between them.
    const scheduled = await world.dataSource.query<{ id: string }[]>(
      `INSERT INTO export (id, requested_by, requested_at, schedule_id, format, filter, status, ended_at)
       SELECT gen_random_uuid(), 'user:somebody', now() + n / 2 * interval '1 microsecond', gen_random_uuid(), 'csv', '{}', 'done', now()
       FROM generate_series(1, 51) AS n RETURNING id`,
    );
    const seen: unknown[] = [];
    for (let cursor: unknown = ''; typeof cursor === 'string';) {
      const page = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await ana('GET', `/api/v1/exports?limit=25${page}`);
      seen.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
      cursor = body['next_cursor'];
    }
    expect(seen.at(-1)).toBe(own['id']);
    expect(seen.toSorted()).toEqual([own['id'], ...scheduled.map(({ id }) => id)].toSorted());
    const [newest] = (await ana('GET', '/api/v1/exports')).body['items'] as { id: string }[];
    expect(newest?.id).toBe(seen[0]);
    await world.dataSource.query(`DELETE FROM export WHERE requested_by = 'user:somebody'`);
  });

  describe('a scheduled export', () => {
    let viewId: string;
    let secret: string;
    beforeAll(async () => {
      viewId = await view();
      const mail = { host: '127.0.0.1', port: smtp.port, security: 'none', sender: 'avisos@fundo.example' };
      await world.master('PUT', '/api/v1/mail-server', { ...mail, username: '', password: '' });
      const told = { event_types: ['export.ready', 'export.failed'] };
      const people = { ...told, channel: 'email', recipients: ['mesa@fundo.example'] };
      expect((await world.master('POST', '/api/v1/notification-endpoints', people)).status).toBe(201);
      const system = { ...told, channel: 'webhook', url: `${receiver.url}/system` };
      secret = String((await world.master('POST', '/api/v1/notification-endpoints', system)).body['secret']);
    });

    const schedule = (body: object) =>
      ana('POST', '/api/v1/export-schedules', { view_id: viewId, format: 'csv', ...body });
    /** Makes what is scheduled due and waits for the file. */
    async function run(
      id: string,
      due = { weekday: 'weekday', next_at: `now() - interval '1 second'` },
    ): Promise<Record<string, unknown>> {
      await world.dataSource.query(
        `UPDATE export_schedule SET weekday = ${due.weekday}, next_at = ${due.next_at} WHERE id = $1`,
        [id],
      );
      expect(await world.app.get(Schedules).beginDue()).toBe(1);
      expect(await world.app.get(Schedules).beginDue()).toBe(0);
      return waitFor(
        'the file',
        async () => {
          const { items } = (await bia('GET', '/api/v1/exports')).body as {
            items: Record<string, unknown>[];
          };
          return items.find((one) => one['schedule_id'] === id && one['ended_at'] !== null);
        },
        { timeoutMs: 20_000 },
      );
    }
    const fileOf = async (one: Record<string, unknown>) =>
      world.app.inject({
        url: `/api/v1/exports/${String(one['id'])}/file`,
        headers: { authorization: `Bearer ${await world.tokenFor('auditor')}` },
      });

    it('is made when it is due, told by mail and event without what is in it, and opened by whoever may export', async () => {
      const { status, body } = await schedule({ recurrence: { every: 'day', hour: 7 } });
      expect(status).toBe(201);
      // The mail server is down: the file is made, the mail goes out later.
      await world.dataSource.query('UPDATE mail_server SET port = 1');
      const made = await run(String(body['id']));
      expect(made).toMatchObject({ status: 'done', content: 'figures', title: NAME, rows_done: 2 });
      const csv = (await fileOf(made)).body.trimEnd().split('\r\n');
      expect(csv).toEqual([
        '\uFEFFSituação do leilão;Situação do leilão (código);Pedidos recebidos;Taxa de vitória;Taxa de vitória (n)',
        'Perdido;lost;2;0,000000;2',
        'Ganho;won;1;1,000000;1',
      ]);

      const event = await waitFor('the event', () => receiver.at('/system')[0]);
      expect(isSignedWith(secret, event)).toBe(true);
      const { data } = JSON.parse(event.text) as { data: unknown };
      expect(data).toEqual({ export_id: made['id'], schedule_id: body['id'], format: 'csv', rows: 2 });

      await world.dataSource.query('UPDATE mail_server SET port = $1', [smtp.port]);
      await waitFor('the refusal', async () => {
        const [tried] = await world.dataSource.query<unknown[]>(
          `UPDATE notification_delivery SET not_before = clock_timestamp() WHERE status = 'waiting' AND attempts > 0 RETURNING 1`,
        );
        return Array.isArray(tried) && tried.length > 0 ? true : undefined;
      });
      const { text } = await waitFor('the mail', () => smtp.received[0]);
      expect(text).toContain('/exportacoes');
      expect(text).toMatch(/agendada/);
      for (const secretOfTheFile of ['Fulano', 'Perdido', String(made['id'])])
        expect(text).not.toContain(secretOfTheFile);

      const { items } = (await bia('GET', '/api/v1/export-schedules')).body as {
        items: Record<string, unknown>[];
      };
      expect(items).toEqual([expect.objectContaining({ view_name: NAME, last_status: 'done' })]);
      expect(Date.parse(String(items[0]?.['next_at']))).toBeGreaterThan(Date.now());
      expect((await ana('DELETE', `/api/v1/views/${viewId}`)).status).toBe(409);
      await bia('DELETE', `/api/v1/export-schedules/${String(body['id'])}`);
      expect((await bia('GET', '/api/v1/export-schedules')).body).toEqual({ items: [] });
    });

    it('is of the day on which it was due, also where nobody could begin it before midnight', async () => {
      await world.dataSource.query(
        `INSERT INTO history_fact (key, received_at, day, hour, product, status)
         VALUES ($1, now() - interval '1 day', ${TODAY} - 1, 9, 'private_payroll', 'won')`,
        [randomUUID()],
      );
      await world.dataSource.query(
        `INSERT INTO history_stale_day VALUES (${TODAY} - 1) ON CONFLICT DO NOTHING`,
      );
      const ofDay = await view('by=day&measures=requests&days=1', 'Pedidos do dia');
      const weekly = { every: 'week', weekday: 1, hour: 23 };
      const { body } = await schedule({ view_id: ofDay, recurrence: weekly });
      const id = String(body['id']);
      const made = await run(id, {
        weekday: `extract(isodow FROM ${TODAY} - 1)`,
        next_at: `(${TODAY} - 1 + time '23:00') AT TIME ZONE 'America/Sao_Paulo'`,
      });
      expect((await fileOf(made)).body.trimEnd().split('\r\n')).toEqual([
        expect.anything(),
        expect.stringMatching(/;1$/),
      ]);
      await bia('DELETE', `/api/v1/export-schedules/${id}`);
    });

    it.each([
      { every: 'day', hour: null },
      { every: 'day', hour: '' },
      { every: 'week', weekday: true, hour: 7 },
      { every: 'month', month_day: [3], hour: 7 },
    ])('is never of an hour or day that nobody named: %j', async (recurrence) => {
      expect((await schedule({ format: 'csv', recurrence })).status).toBe(422);
    });

    it('whose view asks for what is gone fails with that reason, and says so', async () => {
      const { body } = await schedule({
        format: 'parquet',
        recurrence: { every: 'week', weekday: 1, hour: 7 },
      });
      const made = await run(String(body['id']));
      const [read] = await parquetReadObjects({
        file: new Uint8Array((await fileOf(made)).rawPayload).buffer,
      });
      expect(read).toEqual({
        status_words: 'Perdido',
        status: 'lost',
        requests: 2,
        win_rate: 0,
        win_rate_sample: 2,
      });
      await world.dataSource.query(`DELETE FROM export WHERE id = $1`, [made['id']]);
      await world.dataSource.query(`UPDATE saved_view SET query = 'by=vintage&measures=won' WHERE id = $1`, [
        viewId,
      ]);
      expect(await run(String(body['id']))).toMatchObject({
        status: 'failed',
        failure: 'A visão pede uma dimensão ou medida que não existe mais',
      });
      await waitFor('the event', () => receiver.received.find(({ text }) => text.includes('export.failed')));
    });

    it('stops with its owner’s right to export, says so, and goes on in the name of whoever takes it', async () => {
      const { body } = await schedule({ recurrence: { every: 'day', hour: 7 } });
      const id = String(body['id']);
      const handOver = (to: string | undefined, by: Call) =>
        by('POST', `/api/v1/export-schedules/${id}/hand-over`, to === undefined ? {} : { to });
      const one = async () => {
        const { items } = (await bia('GET', '/api/v1/export-schedules')).body as {
          items: Record<string, unknown>[];
        };
        return items.find((item) => item['id'] === id);
      };
      const due = () =>
        world.dataSource.query(
          `UPDATE export_schedule SET next_at = now() - interval '3 days' WHERE id = $1`,
          [id],
        );
      expect(await one()).toMatchObject({ is_paused: false });
      expect((await handOver(undefined, bia)).status).toBe(409);

      const [owner] = await world.dataSource.query<{ owner: string }[]>(
        `SELECT owner FROM export_schedule WHERE id = $1`,
        [id],
      );
      await world.dataSource.query(`UPDATE api_token SET roles = '{viewer}' WHERE actor = $1`, [
        owner?.owner,
      ]);
      await due();
      expect(await world.app.get(Schedules).beginDue()).toBe(0);
      expect(await one()).toMatchObject({ is_paused: true });
      expect(Date.parse(String((await one())?.['next_at']))).toBeGreaterThan(Date.now());

      const admin = world.as(await world.tokenFor('admin'));
      const [carla, davi] = [
        await newPerson(world, 'carla', 'analyst'),
        await newPerson(world, 'davi', 'viewer'),
      ];
      for (const [to, field] of [
        [davi.username, 'to'],
        ['ninguem', 'to'],
        [undefined, 'to'],
      ] as const)
        expect((await handOver(to, admin)).body).toMatchObject({ errors: [{ path: field }] });
      expect((await handOver(carla.username, admin)).status).toBe(204);
      expect(await one()).toMatchObject({ is_paused: false, owner: `user:${carla.username}` });
      await due();
      expect(await world.app.get(Schedules).beginDue()).toBe(1);

      await world.dataSource.query(`UPDATE app_user SET disabled_at = now() WHERE username = $1`, [
        carla.username,
      ]);
      expect(await one()).toMatchObject({ is_paused: true });
      expect((await handOver(undefined, bia)).status).toBe(204);
      expect(await one()).toMatchObject({ is_paused: false });
      const trail = await world.dataSource.query<{ details: object }[]>(
        `SELECT details FROM audit_event WHERE action = 'export_schedule.handed_over' ORDER BY id`,
      );
      expect(trail).toMatchObject([
        { details: { from: owner?.owner, to: `user:${carla.username}` } },
        { details: { from: `user:${carla.username}` } },
      ]);
      await world.dataSource.query(`UPDATE api_token SET roles = '{analyst}' WHERE actor = $1`, [
        owner?.owner,
      ]);
      await bia('DELETE', `/api/v1/export-schedules/${id}`);
    });

    it.each([
      [{ every: 'week', hour: 7 }],
      [{ every: 'day', hour: 24 }],
      [{ every: 'month', month_day: 32, hour: 7 }],
    ])('cannot be asked for by %j', async (recurrence) => {
      expect((await schedule({ recurrence })).status).toBe(422);
    });

    it('of a view that is gone, or one too many, is refused', async () => {
      expect((await schedule({ view_id: randomUUID(), recurrence: { every: 'day', hour: 7 } })).status).toBe(
        422,
      );
      await world.dataSource.query(
        `INSERT INTO export_schedule (id, owner, view_id, format, every, hour, next_at, created_at)
         SELECT gen_random_uuid(), owner, id, 'csv', 'day', 7, now() + interval '1 day', now()
         FROM saved_view, generate_series(1, 20) WHERE id = $1`,
        [viewId],
      );
      expect((await schedule({ recurrence: { every: 'day', hour: 7 } })).status).toBe(409);
    });
  });
});
