import { randomUUID } from 'node:crypto';
import { createAccessWorld, MASTER, type AccessWorld } from './access-world';

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
});
