import { randomUUID } from 'node:crypto';
import { Standings } from '../../src/access';
import { TokenExpiryWatch } from '../../src/access/token-expiry-watch.service';
import { browserOf, newPerson } from '../support/people';
import { createAccessWorld, MASTER, type AccessWorld, type Call } from './access-world';

describe('API tokens', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld();
  });
  afterAll(() => world.close());

  const create = (name: string, roles: unknown) =>
    world.as(MASTER)('POST', '/api/v1/tokens', { name, roles });

  it('are answered once and stored as a hash', async () => {
    const { status, body } = await create('nightly export', ['analyst', 'analyst']);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'nightly export',
      roles: ['analyst'],
      created_by: 'api-token',
      revoked_at: null,
    });
    const secret = String(body['token']);
    expect(secret).toMatch(/^arremate_[\w-]{43}$/);

    const list = await world.as(MASTER)('GET', '/api/v1/tokens');
    expect(JSON.stringify(list.body)).toContain(String(body['id']));
    expect(JSON.stringify(list.body)).not.toContain(secret);
    const [dump] = await world.dataSource.query<{ text: string }[]>(
      `SELECT string_agg(api_token::text, ' ') || (SELECT string_agg(audit_event::text, ' ') FROM audit_event) AS text
       FROM api_token`,
    );
    expect(dump?.text).toContain('nightly export');
    expect(dump?.text).not.toContain(secret);
    expect(dump?.text).not.toContain(Buffer.from(secret).toString('hex'));
  });

  it('of one name are two actors', async () => {
    const [one, other] = await Promise.all([create('script', ['viewer']), create('script', ['viewer'])]);
    expect([one.status, other.status]).toEqual([201, 201]);
    expect(one.body['actor']).not.toBe(other.body['actor']);
  });

  it('open nothing from the moment they are revoked, and two revocations are one', async () => {
    const { body } = await create('short life', ['viewer']);
    const call = world.as(String(body['token']));
    expect((await call('GET', '/api/v1/auctions')).status).toBe(200);
    const path = `/api/v1/tokens/${String(body['id'])}`;
    const answers = await Promise.all(Array.from({ length: 8 }, () => world.as(MASTER)('DELETE', path)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 204));
    expect((await call('GET', '/api/v1/auctions')).status).toBe(401);
    const rows = await world.dataSource.query<unknown[]>(
      `SELECT FROM audit_event WHERE action = 'token.revoked' AND subject = $1`,
      [`token ${String(body['id'])}`],
    );
    expect(rows).toHaveLength(1);
  });

  it('that do not exist cannot be revoked', async () => {
    expect((await world.as(MASTER)('DELETE', `/api/v1/tokens/${randomUUID()}`)).status).toBe(404);
    expect((await world.as(MASTER)('DELETE', '/api/v1/tokens/1')).status).toBe(400);
  });

  it.each([
    ['no body', undefined, 422],
    ['no roles', { name: 'x', roles: [] }, 422],
    ['a role nobody knows', { name: 'x', roles: ['root'] }, 422],
    ['no name', { roles: ['viewer'] }, 422],
    ['a name with a line break', { name: 'x\ny', roles: ['viewer'] }, 422],
    ['a name with a NUL', { name: 'x\0', roles: ['viewer'] }, 422],
    ['a number for a name', { name: 1, roles: ['viewer'] }, 422],
  ])('are refused with %s', async (_, body, status) => {
    expect((await world.as(MASTER)('POST', '/api/v1/tokens', body)).status).toBe(status);
  });

  it('are listed page by page, each once', async () => {
    const seen: string[] = [];
    for (let cursor: string | undefined; ;) {
      const query: string = cursor === undefined ? '' : `&cursor=${cursor}`;
      const { body } = await world.as(MASTER)('GET', `/api/v1/tokens?limit=2${query}`);
      seen.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
      if (body['next_cursor'] === null) break;
      cursor = body['next_cursor'] as string;
    }
    const [count] = await world.dataSource.query<{ n: number }[]>(`SELECT count(*)::int AS n FROM api_token`);
    expect(new Set(seen).size).toBe(count?.n);
    expect(seen).toHaveLength(count?.n ?? -1);
  });

  const personWith = async (name: string, ...roles: string[]) => {
    const person = await newPerson(world, name, ...roles);
    const signedIn = await person.signIn();
    return { id: person.id, call: browserOf(world, signedIn) };
  };
  const tokenIn = async (id: unknown) => {
    const { body } = await world.master('GET', '/api/v1/tokens?limit=200');
    return (body['items'] as Record<string, unknown>[]).find((token) => token['id'] === id);
  };
  const statusOf = async (call: Call, path = '/api/v1/auctions') => (await call('GET', path)).status;

  it('end: after 90 days, or when it was said, no later than a year', async () => {
    const wanted = { name: 'ends', roles: ['viewer'] };
    const until = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const made = (body: object) => world.master('POST', '/api/v1/tokens', { ...wanted, ...body });
    const { expires_at, created_at } = (await made({})).body as { expires_at: string; created_at: string };
    expect(Date.parse(expires_at) - Date.parse(created_at)).toBe(90 * 86_400_000);
    const week = until(7);
    expect((await made({ expires_at: week })).body).toMatchObject({ expires_at: week });
    for (const wrong of [until(-1), until(367)]) {
      const refused = await made({ expires_at: wrong });
      const errors = [expect.objectContaining({ path: 'expires_at' })];
      expect([refused.status, refused.body['errors']]).toEqual([422, errors]);
    }

    const { body } = await create('ended', ['viewer']);
    const call = world.as(String(body['token']));
    expect(await statusOf(call)).toBe(200);
    const endsIn = (when: string) =>
      world.dataSource.query(`UPDATE api_token SET expires_at = now() + $2::interval WHERE id = $1`, [
        body['id'],
        when,
      ]);
    await endsIn('13 days');
    await world.app.get(TokenExpiryWatch).look();
    const warned = world.logged.filter((line) => line.includes('an API token will end soon'));
    expect(warned.map((line) => (JSON.parse(line) as { token: string }).token)).toEqual(
      expect.arrayContaining([body['actor']]),
    );
    await endsIn('-1 s');
    expect(await statusOf(call)).toBe(401);
    expect(await tokenIn(body['id'])).toMatchObject({ status: 'expired', roles_now: [] });
    const handOver = `/api/v1/tokens/${String(body['id'])}/hand-over`;
    await newPerson(world, 'too-late', 'viewer');
    expect((await world.master('POST', handOver, { keeper: 'too-late' })).status).toBe(409);
  });

  it('show when they were last used, written once a minute at most', async () => {
    const { body } = await create('used', ['viewer']);
    const call = world.as(String(body['token']));
    const usedAt = async () => (await tokenIn(body['id']))?.['last_used_at'];
    expect(await usedAt()).toBeNull();
    await statusOf(call);
    const first = await usedAt();
    expect(first).toEqual(expect.any(String));
    await statusOf(call);
    expect(await usedAt()).toBe(first);
    const before = `UPDATE api_token SET last_used_at = last_used_at - interval '61 s' WHERE id = $1`;
    await world.dataSource.query(before, [body['id']]);
    await statusOf(call);
    expect(String(await usedAt()) >= String(first)).toBe(true);
  });

  it('never may more than who answers for them may now, and live on in other hands', async () => {
    await newPerson(world, 'who-stays', 'admin');
    const admin = await personWith('maker', 'admin', 'auditor', 'viewer');
    const refused = await admin.call('POST', '/api/v1/tokens', { name: 'beyond', roles: ['operator'] });
    expect([refused.status, refused.body['errors']]).toEqual([
      422,
      [expect.objectContaining({ path: 'roles' })],
    ]);
    const { body } = await admin.call('POST', '/api/v1/tokens', {
      name: 'script',
      roles: ['auditor', 'viewer'],
    });
    expect(body).toMatchObject({ keeper: 'maker', status: 'active', created_by: 'user:maker' });
    const script = world.as(String(body['token']));
    const change = (id: string, how: object) => world.master('PATCH', `/api/v1/users/${id}`, how);
    expect(await statusOf(script, '/api/v1/audit')).toBe(200);

    await change(admin.id, { roles: ['admin', 'viewer'] });
    expect([await statusOf(script), await statusOf(script, '/api/v1/audit')]).toEqual([200, 403]);
    expect(await tokenIn(body['id'])).toMatchObject({ roles: ['auditor', 'viewer'], roles_now: ['viewer'] });
    await change(admin.id, { disabled: true });
    expect(await statusOf(script)).toBe(401);
    expect(await tokenIn(body['id'])).toMatchObject({ status: 'unkept', roles_now: [] });

    const handOver = (keeper: string) =>
      world.master('POST', `/api/v1/tokens/${String(body['id'])}/hand-over`, { keeper });
    await personWith('only-viewer', 'viewer');
    await personWith('heir', 'auditor', 'analyst');
    expect((await handOver('only-viewer')).status).toBe(422);
    expect((await handOver('maker')).status).toBe(422);
    expect((await handOver('nobody')).status).toBe(422);
    expect(await handOver('Heir')).toMatchObject({ status: 200, body: { keeper: 'heir', status: 'active' } });
    expect([await statusOf(script), await statusOf(script, '/api/v1/audit')]).toEqual([200, 200]);
    const trail = await world.dataSource.query<{ details: unknown }[]>(
      `SELECT details FROM audit_event WHERE action = 'token.handed_over'`,
    );
    expect(trail).toEqual([{ details: { actor: body['actor'], from: 'maker', to: 'heir' } }]);
  });

  it('of two who hand one over that they saw with the same person, the second is told who has it', async () => {
    const { body } = await create('handed', ['viewer']);
    for (const name of ['one-heir', 'other-heir']) await newPerson(world, name, 'viewer');
    const handOver = (keeper: string) =>
      world.master('POST', `/api/v1/tokens/${String(body['id'])}/hand-over`, {
        keeper,
        keeper_seen: body['keeper'],
      });
    expect((await handOver('one-heir')).status).toBe(200);
    expect((await handOver('one-heir')).status).toBe(200);
    expect(await handOver('other-heir')).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:changed_meanwhile' },
    });
    expect(await tokenIn(body['id'])).toMatchObject({ keeper: 'one-heir' });
  });

  it('made by a token are answered for by the same person; the environment’s token alone makes some without', async () => {
    const admin = await personWith('root', 'admin', 'analyst');
    const made = await admin.call('POST', '/api/v1/tokens', { name: 'maker', roles: ['admin'] });
    const maker = world.as(String(made.body['token']));
    const child = await maker('POST', '/api/v1/tokens', { name: 'child', roles: ['analyst'] });
    expect(child).toMatchObject({ status: 201, body: { keeper: 'root' } });
    expect((await maker('POST', '/api/v1/tokens', { name: 'child', roles: ['operator'] })).status).toBe(422);
    const orphan = world.as(await world.tokenFor('admin'));
    expect((await orphan('POST', '/api/v1/tokens', { name: 'child', roles: ['viewer'] })).status).toBe(422);
    expect(
      (await orphan('POST', '/api/v1/tokens', { name: 'child', roles: ['viewer'], keeper: 'root' })).status,
    ).toBe(201);
  });

  it('from before there were keepers live until they end, unless their maker is disabled', async () => {
    const admin = await personWith('founder', 'admin');
    const { body } = await create('old', ['operator']);
    await world.dataSource.query(`UPDATE api_token SET created_by = 'user:founder' WHERE id = $1`, [
      body['id'],
    ]);
    const script = world.as(String(body['token']));
    expect(await statusOf(script)).toBe(200);
    await world.master('PATCH', `/api/v1/users/${admin.id}`, { disabled: true });
    expect(await statusOf(script)).toBe(401);
  });
});

it('whoever acted by the environment’s token has left once the setting is gone', async () => {
  const mayWork = async (env: Readonly<Record<string, string>>) => {
    const world = await createAccessWorld(env);
    const present = await world.app.get(Standings).whoMay('tasks.work', ['api-token']);
    await world.close();
    return [...present];
  };
  expect(await mayWork({})).toEqual(['api-token']);
  expect(await mayWork({ ARREMATE_API_TOKEN: '' })).toEqual([]);
});

it('has left for a worker too, which answers no requests, once no process that does has the setting', async () => {
  const world = await createAccessWorld({ ARREMATE_ROLE: 'worker', ARREMATE_API_TOKEN: '' });
  const present = async () => [
    ...(await world.app.get(Standings).whoMay('tasks.work', ['api-token', 'user:nobody'])),
  ];
  const begins = (role: string, hasToken: boolean | null, lives = '1 h') =>
    world.dataSource.query(
      `INSERT INTO instance (id, host, role, alive_until, has_api_token)
       VALUES ($1, 'x', $2, clock_timestamp() + $3::interval, $4)`,
      [randomUUID(), role, lives, hasToken],
    );
  // While none answers requests nobody knows.
  await begins('web', true, '-1 h');
  expect(await present()).toEqual(['api-token']);
  await begins('web', false);
  await begins('worker', true);
  expect(await present()).toEqual([]);
  // As of the release before, which does not say.
  await begins('web', null);
  expect(await present()).toEqual(['api-token']);
  await world.close();
});
