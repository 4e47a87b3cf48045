import { createAccessWorld, MASTER, type AccessWorld } from './access-world';
import { accept, browserOf, firstLink, newPerson, PASSWORD, tokenOf } from '../support/people';

const LIMIT = 5;

describe('the first administrator', () => {
  let world: AccessWorld;
  beforeEach(async () => {
    world = await createAccessWorld();
  });
  afterEach(() => world.close());

  it('is made through the printed link, once, and can sign in', async () => {
    const link = firstLink(world);
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/welcome#[\w-]{43}$/);
    const person = await accept(world, link, { username: 'Maria@Example.com' });
    const signedIn = await person.signIn({ username: 'MARIA@example.com ' });
    expect(signedIn).toMatchObject({
      status: 200,
      body: { username: 'maria@example.com', roles: ['admin'] },
    });
    expect(signedIn.body['permissions']).toContain('users.manage');
    expect(signedIn.body['permissions']).not.toContain('approvals.decide');
    expect((await world.call('POST', '/api/v1/invitations/inspect', { token: tokenOf(link) })).status).toBe(
      410,
    );
  });

  it('is one, however many use the link at once', async () => {
    const token = tokenOf(firstLink(world));
    const names = ['ana', 'bia', 'caio', 'davi'];
    const outcomes = await Promise.allSettled(
      names.map((username) => accept(world, `#${token}`, { username })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [count] = await world.dataSource.query<{ n: number }[]>(`SELECT count(*)::int AS n FROM app_user`);
    expect(count?.n).toBe(1);
  });

  it('cannot be made any more once there is a user', async () => {
    const link = firstLink(world);
    await world.as(MASTER)('POST', '/api/v1/users', { username: 'first', roles: ['viewer'] });
    await expect(accept(world, link, { username: 'late' })).rejects.toThrow();
    expect(firstLink(world)).toBe(link);
  });

  it('is told what is wrong with password, name and code, and may try again', async () => {
    const token = tokenOf(firstLink(world));
    const good = { token, username: 'maria', password: PASSWORD, code: '000000' };
    const status = async (body: object) =>
      (await world.call('POST', '/api/v1/invitations/accept', body)).status;
    expect(await status(good)).toBe(422);
    expect(await status({ ...good, password: 'short' })).toBe(422);
    expect(await status({ ...good, username: 'maria-maria-maria', password: 'Maria-Maria-Maria' })).toBe(422);
    expect(await status({ ...good, username: undefined })).toBe(422);
    expect(await status({ ...good, token: 'x'.repeat(43) })).toBe(410);
    await accept(world, `#${token}`, { username: 'maria' });
  });
});

describe('signing in', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld();
  });
  afterAll(() => world.close());
  // each test is a person at another desk
  beforeEach(() => world.dataSource.query(`DELETE FROM sign_in_throttle`));

  const session = { cookie: /^arremate=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/ };

  it('keeps the session in a cookie that scripts cannot read, and only its hash in the database', async () => {
    const person = await newPerson(world, 'cookie', 'viewer');
    const answer = await person.signIn();
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(session.cookie);
    expect(answer.headers['cache-control']).toBe('no-store');
    const secret = /=([\w-]{43});/.exec(cookie)?.[1] ?? '';
    const tables = ['session', 'app_user', 'invitation', 'audit_event', 'sign_in_throttle'];
    for (const table of tables) {
      const rows = await world.dataSource.query<unknown[]>(`SELECT * FROM ${table}`);
      const dump = JSON.stringify(rows, (_, value: unknown) =>
        typeof value === 'object' && value !== null && 'data' in value
          ? Buffer.from(value.data as number[]).toString('latin1')
          : value,
      );
      for (const hidden of [secret, PASSWORD]) expect(dump).not.toContain(hidden);
    }
    const [{ password_hash } = { password_hash: '' }] = await world.dataSource.query<
      { password_hash: string }[]
    >(`SELECT password_hash FROM app_user WHERE username = 'cookie'`);
    expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('is refused in one way, whichever of name, password and code is wrong', async () => {
    const person = await newPerson(world, 'same-answer', 'viewer');
    const answers = [
      await person.signIn({ username: 'nobody' }),
      await person.signIn({ password: 'wrong password' }),
      await person.signIn({ code: '000000' }),
    ];
    for (const { status, body, headers } of answers) {
      expect([status, body]).toEqual([401, answers[0]?.body]);
      expect(headers['set-cookie']).toBeUndefined();
    }
    expect((await person.signIn()).status).toBe(200);
  });

  it('takes a code once, however many send it at the same time', async () => {
    const person = await newPerson(world, 'one-code', 'viewer');
    const code = person.code();
    const answers = await Promise.all(Array.from({ length: 4 }, () => person.signIn({ code })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401]);
  });

  it('is locked for a name after five failures, also for the right password, and opens again', async () => {
    const person = await newPerson(world, 'locked', 'viewer');
    for (let i = 0; i < LIMIT; i += 1)
      expect((await person.signIn({ password: 'wrong password' })).status).toBe(401);
    const locked = await person.signIn();
    expect(locked.status).toBe(429);
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(800);
    const [lockedOut] = await world.dataSource.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM audit_event WHERE action = 'user.locked_out' AND subject = 'user locked'`,
    );
    expect(lockedOut?.n).toBe(1);
    await world.dataSource.query(
      `UPDATE sign_in_throttle SET until = now() - interval '1 s' WHERE subject = 'user:locked'`,
    );
    expect((await person.signIn()).status).toBe(200);
  });

  it('locks a name that nobody has just the same', async () => {
    const attempt = () =>
      world.call('POST', '/api/v1/session', { username: 'no-such-user', password: PASSWORD, code: '123456' });
    const answers = [];
    for (let i = 0; i <= LIMIT; i += 1) answers.push((await attempt()).status);
    expect(answers).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('checks no more guesses than the limit, however many come at the same time', async () => {
    const person = await newPerson(world, 'stormed', 'viewer');
    const guesses = Array.from({ length: 20 }, (_, i) => person.signIn({ password: `wrong password ${i}` }));
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(LIMIT);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20 - LIMIT);
  });

  it('lets one of two pass that come at the limit, and only if it is right', async () => {
    const person = await newPerson(world, 'at-the-limit', 'viewer');
    for (let i = 1; i < LIMIT; i += 1) await person.signIn({ password: 'wrong password' });
    const [right, wrong] = await Promise.all([
      person.signIn(),
      person.signIn({ password: 'wrong password' }),
    ]);
    expect([
      [200, 401],
      [200, 429],
      [429, 401],
    ]).toContainEqual([right.status, wrong.status]);
  });

  it.each([
    [undefined],
    [{}],
    [{ username: 'a\0b', password: PASSWORD, code: '123456' }],
    [{ username: 'x', password: PASSWORD, code: '12345' }],
    [{ username: 'x', password: 'y'.repeat(201), code: '123456' }],
    [{ username: ['x'], password: {}, code: 123456 }],
  ])('refuses what is no sign-in at all: %j', async (body) => {
    const headers = { 'content-type': 'application/json' };
    expect((await world.call('POST', '/api/v1/session', body, headers)).status).toBe(422);
  });

  it('starts the count afresh after a success', async () => {
    const person = await newPerson(world, 'afresh', 'viewer');
    for (let i = 1; i < LIMIT; i += 1) await person.signIn({ password: 'wrong password' });
    expect((await person.signIn()).status).toBe(200);
    expect((await person.signIn({ password: 'wrong password' })).status).toBe(401);
  });

  it('takes JSON alone, so that no form of another site can sign anybody in', async () => {
    const person = await newPerson(world, 'forms', 'viewer');
    const body = { username: person.username, password: person.password, code: person.code() };
    const headers = { 'content-type': 'text/plain' };
    expect((await world.call('POST', '/api/v1/session', body, headers)).status).toBe(415);
    expect((await world.call('POST', '/api/v1/session', body)).status).toBe(200);
  });

  it('marks the cookie Secure and binds it to the host where not everything stays on this machine', async () => {
    const unsigned = await createAccessWorld({
      HOST: '0.0.0.0',
      QI_SIGNING: 'none',
      ARREMATE_PUBLIC_URL: 'https://arremate.example/',
    }).catch((error: unknown) => error);
    expect(String(unsigned)).toContain('QI_SIGNING'); // unsigned traffic is refused there
    const proxied = await createAccessWorld({ ARREMATE_PUBLIC_URL: 'https://arremate.example/' });
    try {
      expect(firstLink(proxied)).toMatch(/^https:\/\/arremate\.example\/welcome#/);
      const signedIn = await (await accept(proxied, firstLink(proxied), { username: 'maria' })).signIn();
      expect(String(signedIn.headers['set-cookie'])).toMatch(
        /^__Host-arremate=[\w-]{43}; Path=\/; .*HttpOnly; SameSite=Strict; Secure$/,
      );
      expect((await browserOf(proxied, signedIn)('GET', '/api/v1/session')).status).toBe(200);
    } finally {
      await proxied.close();
    }
  });
});
