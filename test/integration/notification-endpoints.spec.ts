import { randomUUID } from 'node:crypto';
import { verifyAuditTrail } from '../../src/access/verify-audit-trail';
import { AuditSeals } from '../../src/platform';
import { isSignedWith, NotificationReceiver } from '../support/notification-receiver';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, MASTER, type AccessWorld, type Call } from './access-world';

const PATH = '/api/v1/notification-endpoints';

describe('notification endpoints', () => {
  let receiver: NotificationReceiver;
  let world: AccessWorld;
  let admin: Call;
  beforeAll(async () => {
    receiver = await NotificationReceiver.start();
    world = await createAccessWorld({ ARREMATE_NOTIFY_LOOPBACK: 'true' });
    admin = world.as(MASTER);
  });
  afterAll(async () => {
    await receiver.stop();
    await world.close();
  });

  const create = (change: Record<string, unknown> = {}) =>
    admin('POST', PATH, { url: `${receiver.url}/here`, event_types: ['auction.won'], ...change });

  it('show their secret once and keep it encrypted', async () => {
    const { status, body } = await create({
      event_types: ['auction.won', 'auction.won'],
      description: ' ERP ',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      url: `${receiver.url}/here`,
      event_types: ['auction.won'],
      description: 'ERP',
      enabled: true,
      created_by: 'api-token',
      former_secret_until: null,
      waiting: 0,
    });
    const secret = String(body['secret']);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);

    const { body: list } = await admin('GET', PATH);
    const { body: again } = await admin('GET', `${PATH}/${String(body['id'])}`);
    expect(again).toMatchObject({ id: body['id'] });
    const [dump] = await world.dataSource.query<{ text: string }[]>(
      `SELECT string_agg(notification_endpoint::text, ' ') ||
         (SELECT string_agg(audit_event::text, ' ') FROM audit_event) AS text FROM notification_endpoint`,
    );
    const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64').toString('hex');
    for (const text of [JSON.stringify(list), JSON.stringify(again), dump?.text]) {
      expect(text).toContain('/here');
      expect(text).not.toContain(secret);
      expect(text).not.toContain(bytes);
    }
  });

  it('are tried out by the way of every event, and both secrets sign for a day after a rotation', async () => {
    const { body } = await create({ url: `${receiver.url}/trial` });
    const [id, first] = [String(body['id']), String(body['secret'])];
    const rotated = await admin('POST', `${PATH}/${id}/secret`);
    const second = String(rotated.body['secret']);
    expect(second).not.toBe(first);
    const until = Date.parse(String(rotated.body['former_secret_until'])) - Date.now();
    expect(Math.abs(until - 24 * 3_600_000)).toBeLessThan(60_000);

    const { status } = await admin('POST', `${PATH}/${id}/trial`);
    expect(status).toBe(202);
    const [trial] = await waitFor('the trial', () => {
      const found = receiver.at('/trial');
      return found.length > 0 ? found : undefined;
    });
    expect(trial?.event).toMatchObject({ type: 'notification.trial', subject: id, data: {} });
    expect(trial && [first, second].map((secret) => isSignedWith(secret, trial))).toEqual([true, true]);

    await world.dataSource.query(
      `UPDATE notification_endpoint SET former_secret_until = clock_timestamp() WHERE id = $1`,
      [id],
    );
    await admin('POST', `${PATH}/${id}/trial`);
    const later = await waitFor('the second trial', () => receiver.at('/trial')[1]);
    expect([first, second].map((secret) => isSignedWith(secret, later))).toEqual([false, true]);
  });

  it('a rotation pushes out no secret that another system may have, though the answer of the one before was lost', async () => {
    const { body } = await create({ url: `${receiver.url}/lost` });
    const [id, first] = [String(body['id']), String(body['secret'])];
    const rotate = (given?: object) => admin('POST', `${PATH}/${id}/secret`, given);
    const until = async () => (await admin('GET', `${PATH}/${id}`)).body['former_secret_until'];
    let trials = 0;
    const signers = async (secrets: readonly string[]) => {
      await admin('POST', `${PATH}/${id}/trial`);
      const at = (trials += 1) - 1;
      const trial = await waitFor('the trial', () => receiver.at('/lost')[at]);
      return secrets.map((secret) => isSignedWith(secret, trial));
    };
    const problem = (type: string) => ({ status: 409, body: { type: `urn:arremate:problem:${type}` } });

    const lost = String((await rotate({ former_secret_until_seen: null })).body['secret']);
    expect(await rotate({ former_secret_until_seen: null })).toMatchObject(problem('changed_meanwhile'));
    expect(await rotate()).toMatchObject(problem('two_secrets_sign'));
    expect(await signers([first, lost])).toEqual([true, true]);

    const seen = await until();
    const again = await rotate({ keeps: 'former', former_secret_until_seen: seen });
    const third = String(again.body['secret']);
    expect(again).toMatchObject({ status: 201, body: { former_secret_until: await until() } });
    expect(await signers([first, lost, third])).toEqual([true, false, true]);
    expect(await rotate({ keeps: 'in_force', former_secret_until_seen: seen })).toMatchObject(
      problem('changed_meanwhile'),
    );

    const fourth = String((await rotate({ keeps: 'in_force' })).body['secret']);
    expect(await signers([first, third, fourth])).toEqual([false, true, true]);
    await world.dataSource.query(
      `UPDATE notification_endpoint SET former_secret_until = former_secret_until - interval '2 days' WHERE id = $1`,
      [id],
    );
    expect(await rotate({ keeps: 'former' })).toMatchObject(problem('former_secret_over'));
    expect((await rotate()).status).toBe(201);
  });

  it('keep back what happens while they are disabled and send it afterwards', async () => {
    const { body } = await create({ url: `${receiver.url}/paused` });
    const id = String(body['id']);
    await admin('PATCH', `${PATH}/${id}`, { enabled: false });
    await admin('POST', `${PATH}/${id}/trial`);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(receiver.at('/paused')).toEqual([]);
    const { body: on } = await admin('PATCH', `${PATH}/${id}`, {
      enabled: true,
      event_types: ['task.opened'],
    });
    expect(on).toMatchObject({ enabled: true, event_types: ['task.opened'], waiting: 1 });
    await waitFor('what was kept back', () => receiver.at('/paused')[0]);
  });

  it('of two who change lists that they saw the same, the second is told that they are others now', async () => {
    const { body } = await create();
    const change = (given: object) => admin('PATCH', `${PATH}/${String(body['id'])}`, given);
    const event_types_seen = ['auction.won'];
    expect((await change({ event_types: ['task.opened'], event_types_seen })).status).toBe(200);
    const late = { event_types: ['task.opened', 'auction.won'], event_types_seen };
    expect(await change(late)).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:changed_meanwhile' },
    });
    expect((await change({ description: 'ERP' })).body).toMatchObject({ event_types: ['task.opened'] });

    const mail = await create({
      channel: 'email',
      url: '',
      recipients: ['a@example.com'],
      event_types: ['export.ready'],
    });
    const move = (recipients: string[]) =>
      admin('PATCH', `${PATH}/${String(mail.body['id'])}`, {
        recipients,
        recipients_seen: ['a@example.com'],
      });
    expect((await move(['b@example.com'])).status).toBe(200);
    expect((await move(['a@example.com', 'c@example.com'])).status).toBe(409);
  });

  it('of two who change a value that they saw the same, the second is told; the same again is no other', async () => {
    const { body } = await create({ description: 'ERP' });
    const change = (given: object) => admin('PATCH', `${PATH}/${String(body['id'])}`, given);
    const seen = { description: 'ERP', url: `${receiver.url}/here`, enabled: true, quiet_from: null };
    const first = { description: 'ERP novo', url: `${receiver.url}/there`, enabled: false, seen };
    expect((await change(first)).status).toBe(200);
    expect((await change(first)).status).toBe(200);
    for (const late of [
      { description: 'CRM', seen: { description: 'ERP' } },
      { url: `${receiver.url}/elsewhere`, seen: { url: seen.url } },
    ])
      expect(await change(late)).toMatchObject({
        status: 409,
        body: { type: 'urn:arremate:problem:changed_meanwhile' },
      });
    const quiet = { quiet_from: '22:00', quiet_until: '07:00' };
    expect((await change({ ...quiet, seen: { quiet_from: null, quiet_until: null } })).status).toBe(200);
    const none = { quiet_from: null, quiet_until: null };
    expect((await change({ ...none, seen: { ...quiet, quiet_until: '06:00' } })).status).toBe(409);
    expect((await change({ description: 'CRM' })).body).toMatchObject({
      ...quiet,
      description: 'CRM',
      url: first.url,
      enabled: false,
    });
  });

  it('of two who change the mail server that they saw the same, the second is told; the same again is no other', async () => {
    const server = { host: '127.0.0.1', port: 25, security: 'none', sender: 'a@example.com', username: '' };
    const set = (given: object) => admin('PUT', '/api/v1/mail-server', { ...server, ...given });
    const read = async () =>
      (await admin('GET', '/api/v1/mail-server')).body['server'] as typeof server & { changed_at: string };
    expect((await set({ changed_at_seen: null })).status).toBe(200);
    expect((await set({ changed_at_seen: null })).status).toBe(200);
    const late = { sender: 'b@example.com', changed_at_seen: null };
    expect(await set(late)).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:changed_meanwhile' },
    });
    expect(await read()).toMatchObject(server);
    const { changed_at: seen } = await read();
    const changes = ['b', 'c'].map((name) =>
      set({ username: name, password: `of ${name}`, changed_at_seen: seen }),
    );
    expect((await Promise.all(changes)).map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect((await set({})).status).toBe(200);
  });

  it('list their deliveries page by page, each once', async () => {
    const { body } = await create({ url: `${receiver.url}/pages` });
    const id = String(body['id']);
    for (let i = 0; i < 5; i += 1) await admin('POST', `${PATH}/${id}/trial`);
    await waitFor('all of them', () => (receiver.at('/pages').length >= 5 ? true : undefined));
    const seen: string[] = [];
    const firstPage = `${PATH}/${id}/deliveries?limit=2`;
    for (let page = firstPage; page !== '';) {
      const { body: answer } = await admin('GET', page);
      seen.push(...(answer['items'] as { id: string }[]).map((item) => item.id));
      const next = answer['next_cursor'];
      page = typeof next === 'string' ? `${firstPage}&cursor=${next}` : '';
    }
    expect(seen).toHaveLength(5);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => Number(b) - Number(a)));
    const { body: failed } = await admin('GET', `${PATH}/${id}/deliveries?status=given_up`);
    expect(failed['items']).toEqual([]);
  });

  it.each([
    ['plain http to the world', 'http://example.com/hook', 'must be https'],
    ['a private network', 'https://10.0.0.7/hook', 'public'],
    ['the metadata of a cloud', 'https://169.254.169.254/latest', 'public'],
    ['a private address in disguise', 'https://0x0a000007/hook', 'public'],
    ['a private address of IPv6', 'https://[fd00::1]/hook', 'public'],
    ['an IPv4 address inside IPv6', 'https://[::ffff:10.0.0.7]/hook', 'public'],
    ['a name and password', 'https://me:secret@example.com/hook', 'password'],
    ['another scheme', 'ftp://example.com/hook', 'https'],
    ['no address at all', 'example', 'address'],
  ])('are refused with %s', async (_, url, word) => {
    const { status, body } = await create({ url });
    expect(status).toBe(422);
    expect(body['errors']).toEqual([{ path: 'url', message: expect.stringContaining(word) as string }]);
    const { body: existing } = await create();
    expect((await admin('PATCH', `${PATH}/${String(existing['id'])}`, { url })).status).toBe(422);
    await admin('DELETE', `${PATH}/${String(existing['id'])}`);
  });

  it.each([
    ['no types', { event_types: [] }],
    ['a type nobody knows', { event_types: ['auction.opened'] }],
    ['a description with a line break', { description: 'a\nb' }],
    ['an address that never ends', { url: `https://example.com/${'x'.repeat(2_000)}` }],
  ])('are refused with %s', async (_, change) => {
    expect((await create(change)).status).toBe(422);
  });

  it('that do not exist, and deliveries of another endpoint, are 404', async () => {
    const [{ body: one }, { body: other }] = [await create({ url: `${receiver.url}/own` }), await create()];
    const { body } = await admin('POST', `${PATH}/${String(one['id'])}/trial`);
    const delivery = String(body['delivery_id']);
    const foreign = `${PATH}/${String(other['id'])}/deliveries/${delivery}`;
    const stranger = `${PATH}/${randomUUID()}`;
    const calls: [Parameters<Call>[0], string, unknown?][] = [
      ['GET', stranger],
      ['PATCH', stranger, {}],
      ['DELETE', stranger],
      ['POST', `${stranger}/secret`],
      ['POST', `${stranger}/trial`],
      ['GET', foreign],
      ['POST', `${foreign}/resend`],
      ['GET', `${PATH}/${String(one['id'])}/deliveries/x`],
    ];
    for (const [method, path, given] of calls)
      expect([method, path, (await admin(method, path, given)).status]).toEqual([method, path, 404]);
  });

  it('go no further than fifty, and two who remove one remove it once', async () => {
    const { body } = await create({ url: `${receiver.url}/removed` });
    const removals = await Promise.all([1, 2, 3].map(() => admin('DELETE', `${PATH}/${String(body['id'])}`)));
    expect(removals.map(({ status }) => status).toSorted()).toEqual([204, 404, 404]);
    const have = ((await admin('GET', PATH)).body['items'] as unknown[]).length;
    const answers = await Promise.all(Array.from({ length: 55 - have }, () => create()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50 - have);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
  });

  it('leave an audit trail that holds', async () => {
    const rows = await world.dataSource.query<{ action: string }[]>(
      `SELECT DISTINCT action FROM audit_event WHERE action LIKE 'notification%' ORDER BY 1`,
    );
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(
        ['changed', 'created', 'removed', 'secret_rotated', 'tried'].map(
          (deed) => `notification_endpoint.${deed}`,
        ),
      ),
    );
    expect(await verifyAuditTrail(world.dataSource, world.app.get(AuditSeals))).toMatchObject({
      kind: 'intact',
    });
  });
});
