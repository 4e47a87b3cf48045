import { createAccessWorld, MASTER, type AccessWorld } from './access-world';

const NOT_PRINTED = '52998224725';

describe('what the API refuses', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld();
  });
  afterAll(() => world.close());

  it.each([
    ['an address with half a character', `/api/v1/tasks/%FF?x=${NOT_PRINTED}`, 400, 'bad_address'],
    ['an address that is nowhere', `/api/v1/nowhere/${NOT_PRINTED}`, 404, 'not_found'],
  ])('%s, without repeating it', async (_, path, status, type) => {
    const answer = await world.app.inject({ method: 'GET', url: path });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ status, type: `urn:arremate:problem:${type}` });
    expect(answer.body).not.toContain(NOT_PRINTED);
  });

  it.each(['a\\u0000b', 'half \\ud83d', 'other half \\udcb0', '\\uD83Dx\\uDCB0'])(
    'the text %s, which no column could hold',
    async (text) => {
      const answer = await world.app.inject({
        method: 'POST',
        url: '/api/v1/kill-switch/engage',
        headers: { authorization: `Bearer ${MASTER}`, 'content-type': 'application/json' },
        payload: `{"reason": "${text}"}`,
      });
      expect([answer.statusCode, answer.json<{ type: string }>().type]).toEqual([
        422,
        'urn:arremate:problem:invalid',
      ]);
    },
  );

  it('no whole character, however it is written', async () => {
    for (const reason of ['\\ud83d\\udcb0', '💰', '\\uD83D\\uDCB0\\ud83d\\udcb0']) {
      const answer = await world.app.inject({
        method: 'POST',
        url: '/api/v1/kill-switch/engage',
        headers: { authorization: `Bearer ${MASTER}`, 'content-type': 'application/json' },
        payload: `{"reason": "${reason}"}`,
      });
      expect(answer.statusCode).toBe(200);
    }
  });

  const cursorOf = (...position: unknown[]): string =>
    Buffer.from(JSON.stringify(position)).toString('base64url');

  it.each([
    ['/api/v1/auctions', cursorOf('9999-99-99 99:99:99+00', 'x')],
    ['/api/v1/history/auctions', cursorOf('2026-02-30 00:00:00+00', 'x')],
    ['/api/v1/users', cursorOf('2026-13-01 00:00:00+00', '00000000-0000-4000-8000-000000000000')],
    ['/api/v1/tasks', cursorOf('2026-01-01T00:00:00.000Z', 'x')],
    ['/api/v1/approvals', cursorOf('2026-01-01T00:00:00.000Z', 'x')],
  ])('in %s a cursor of ours that never was', async (path, cursor) => {
    const answer = await world.as(MASTER)('GET', `${path}?cursor=${cursor}`);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'cursor' }] } });
  });
});
