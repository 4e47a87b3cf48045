import { waitFor } from '../support/wait-for';
import { createAccessWorld, MASTER, type AccessWorld, type Answer } from './access-world';
import { engineFile } from '../support/engine-file';
import {
  accept,
  browserOf,
  cookiesOf,
  firstLink,
  newPerson,
  PASSWORD,
  tokenOf,
  type Person,
} from '../support/people';

const LIMIT = 5;
const wrong = { password: 'wrong password' };
const from = (address: string) => ({ 'x-forwarded-for': address });
const knownBrowser = (signedIn: Answer) => ({ cookie: cookiesOf(signedIn).split('; ')[1] ?? '' });
const failed = (world: AccessWorld, subject: string, failures: number) =>
  world.dataSource.query(
    `INSERT INTO sign_in_throttle (subject, failures, until) VALUES ($1, $2, now() + interval '15 min')
     ON CONFLICT (subject) DO UPDATE SET failures = $2`,
    [subject, failures],
  );
const auditOf = (world: AccessWorld, action: string) =>
  world.dataSource.query<{ details: { address?: string } }[]>(
    `SELECT details FROM audit_event WHERE action = $1 ORDER BY id`,
    [action],
  );

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
    // Nobody trusts this proxy: it is the one who asks, whatever it says of others.
    const signedIn = await person.signIn({ username: 'MARIA@example.com ' }, from('203.0.113.7'));
    expect(await auditOf(world, 'session.started')).toEqual([
      { details: { method: 'password', address: '127.0.0.1' } },
    ]);
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
    world = await createAccessWorld({
      ARREMATE_TRUSTED_PROXIES: '127.0.0.0/8, 10.0.0.0/8',
      ARREMATE_ENGINE_FILE: engineFile({ access: { sign_in_first_delay_ms: 1, sign_in_max_delay_ms: 20 } }),
    });
  });
  afterAll(() => world.close());
  // each test is a person at another desk
  beforeEach(() => world.dataSource.query(`DELETE FROM sign_in_throttle`));

  const COOKIES = [
    /^arremate=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    /^arremate-known=[\w-]{22}\.\d+\.[\w-]{43}; Path=\/; Max-Age=15552000; HttpOnly; SameSite=Strict$/,
  ].map((cookie) => expect.stringMatching(cookie) as string);

  it('keeps the session in a cookie that scripts cannot read, and only its hash in the database', async () => {
    const person = await newPerson(world, 'cookie', 'viewer');
    const answer = await person.signIn();
    expect(answer.headers['set-cookie']).toEqual(COOKIES);
    expect(answer.headers['cache-control']).toBe('no-store');
    const secret = /=([\w-]{43});/.exec(cookiesOf(answer))?.[1] ?? '';
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
      await person.signIn(wrong),
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

  const fail = async (person: Person, times: number, headers: Readonly<Record<string, string>>) => {
    for (let i = 0; i < times; i += 1) expect((await person.signIn(wrong, headers)).status).toBe(401);
  };

  it('is locked for a name at one address after five failures, there alone, and opens again', async () => {
    const person = await newPerson(world, 'locked', 'viewer');
    const [here, elsewhere] = [from('203.0.113.7'), from('198.51.100.9')];
    await fail(person, LIMIT, here);
    const locked = await person.signIn({}, here);
    expect(locked.status).toBe(429);
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(800);
    // Nor does knocking on: it neither prolongs the lock nor counts for anybody else.
    await person.signIn(wrong, here);
    const counts = await world.dataSource.query<unknown[]>(
      `SELECT subject, failures FROM sign_in_throttle ORDER BY subject`,
    );
    expect(counts).toEqual([
      { subject: 'address:203.0.113.7', failures: LIMIT },
      { subject: 'at:203.0.113.7 locked', failures: LIMIT + 1 },
      { subject: 'user:locked', failures: LIMIT },
    ]);
    expect(await auditOf(world, 'user.locked_out')).toEqual([
      { details: { address: '203.0.113.7', known_browser: false } },
    ]);
    expect((await person.signIn({}, elsewhere)).status).toBe(200);
    expect((await person.signIn({}, here)).status).toBe(429);
    await world.dataSource.query(`UPDATE sign_in_throttle SET until = now() - interval '1 s'`);
    await world.dataSource.query(`UPDATE app_user SET totp_last_step = 0 WHERE username = 'locked'`);
    expect((await person.signIn({}, here)).status).toBe(200);
  });

  it('locks a name that nobody has just the same, and a whole IPv6 network as one', async () => {
    const body = { username: 'no-such-user', password: PASSWORD, code: '123456' };
    const answers = [];
    for (let i = 0; i <= LIMIT; i += 1)
      answers.push((await world.call('POST', '/api/v1/session', body, from(`2001:db8:1:2::${i}`))).status);
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
    await fail(person, LIMIT - 1, {});
    const [right, guess] = await Promise.all([person.signIn(), person.signIn(wrong)]);
    expect([
      [200, 401],
      [200, 429],
      [429, 401],
    ]).toContainEqual([right.status, guess.status]);
  });

  it('is slow and not shut for whoever shares an address or a name with an attacker', async () => {
    const person = await newPerson(world, 'neighbour', 'viewer');
    await failed(world, 'address:203.0.113.7', 5_000);
    await failed(world, 'user:neighbour', 5_000);
    expect((await person.signIn({}, from('203.0.113.7'))).status).toBe(200);
  });

  it('lets a browser in that the person used before, whatever strangers did there; it has five tries of its own', async () => {
    const person = await newPerson(world, 'known', 'viewer');
    const other = await newPerson(world, 'other-at-this-desk', 'viewer');
    const browser = { ...from('203.0.113.7'), ...knownBrowser(await person.signIn()) };
    await failed(world, 'at:203.0.113.7 known', LIMIT + 1);
    expect((await person.signIn({}, from('203.0.113.7'))).status).toBe(429);
    await world.dataSource.query(`UPDATE app_user SET totp_last_step = 0`);
    expect((await person.signIn({}, browser)).status).toBe(200);
    // The mark is this person's, and nobody can write one.
    await failed(world, 'at:203.0.113.7 other-at-this-desk', LIMIT + 1);
    expect((await other.signIn({}, browser)).status).toBe(429);
    const forged = { ...browser, cookie: browser.cookie.replace(/.{6}$/, 'AAAAAA') };
    expect((await person.signIn(wrong, forged)).status).toBe(429);
    // Whoever took it away has no more tries than anybody.
    await fail(person, LIMIT, browser);
    expect((await person.signIn({}, browser)).status).toBe(429);
  });

  it('believes of the addresses before a trusted proxy the last one alone', async () => {
    const person = await newPerson(world, 'forging', 'viewer');
    await person.signIn({}, from('192.0.2.1, 203.0.113.7, 10.0.0.3'));
    expect((await auditOf(world, 'session.started')).at(-1)?.details.address).toBe('203.0.113.7');

    await world.app.listen(0, '127.0.0.1');
    const answer = await fetch(`${await world.app.getUrl()}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...from('192.0.2.1, 198.51.100.9:4711') },
      body: JSON.stringify({ username: 'forging', password: 'wrong password', code: '000000' }),
    });
    expect(answer.status).toBe(401);
    const counted = await world.dataSource.query<{ subject: string }[]>(
      `SELECT subject FROM sign_in_throttle WHERE subject LIKE 'at:%' AND failures = 1`,
    );
    expect(counted).toEqual([{ subject: 'at:198.51.100.9 forging' }]);
    expect(world.logged.at(-1)).toContain('"address":"198.51.100.9"');
  });

  it('makes whoever guesses links wait, and nobody else', async () => {
    const inspect = (token: string) => world.call('POST', '/api/v1/invitations/inspect', { token });
    await failed(world, 'address:127.0.0.1', 5_000);
    expect((await inspect('x'.repeat(43))).status).toBe(410);
    const [count] = await world.dataSource.query<unknown[]>(`SELECT failures FROM sign_in_throttle`);
    expect(count).toEqual({ failures: 5_001 });
    const person = await newPerson(world, 'invited-meanwhile', 'viewer');
    expect((await person.signIn()).status).toBe(200);
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
    await fail(person, LIMIT - 1, {});
    expect((await person.signIn()).status).toBe(200);
    await fail(person, 1, {});
  });

  it('takes JSON alone, so that no form of another site can sign anybody in', async () => {
    const person = await newPerson(world, 'forms', 'viewer');
    const body = { username: person.username, password: person.password, code: person.code() };
    const headers = { 'content-type': 'text/plain' };
    expect((await world.call('POST', '/api/v1/session', body, headers)).status).toBe(415);
    expect((await world.call('POST', '/api/v1/session', body)).status).toBe(200);
  });

  it('marks cookies Secure and binds them to the host where not everything stays on this machine', async () => {
    const unsigned = await createAccessWorld({
      HOST: '0.0.0.0',
      QI_SIGNING: 'none',
      ARREMATE_PUBLIC_URL: 'https://arremate.example/',
    }).catch((error: unknown) => error);
    expect(String(unsigned)).toContain('QI_SIGNING'); // unsigned traffic is refused there
    const slow = { sign_in_first_delay_ms: 30_000, sign_in_max_delay_ms: 30_000 };
    const proxied = await createAccessWorld({
      ARREMATE_PUBLIC_URL: 'https://arremate.example/',
      ARREMATE_TRUSTED_PROXIES: '1',
      ARREMATE_MANAGEMENT_PORT: '0',
      ARREMATE_ENGINE_FILE: engineFile({ access: slow }),
    });
    const waiting: Promise<Answer>[] = [];
    try {
      expect((await proxied.call('GET', '/metrics')).status).toBe(404); // it is at the other port
      expect(firstLink(proxied)).toMatch(/^https:\/\/arremate\.example\/welcome#/);
      const person = await accept(proxied, firstLink(proxied), { username: 'maria' });
      const signedIn = await person.signIn();
      expect(signedIn.headers['set-cookie']).toEqual([
        expect.stringMatching(
          /^__Host-arremate=[\w-]{43}; Path=\/; .*HttpOnly; SameSite=Strict; Secure$/,
        ) as string,
        expect.stringMatching(
          /^__Host-arremate-known=[^;]+; Path=\/; .*HttpOnly; SameSite=Strict; Secure$/,
        ) as string,
      ]);
      expect((await browserOf(proxied, signedIn)('GET', '/api/v1/session')).status).toBe(200);

      // Strangers wait, no more than have a place; the administrator, in a browser that is known, does not.
      await failed(proxied, 'user:maria', 1_000);
      const strangers = Array.from({ length: 9 }, (_, i) => person.signIn(wrong, from(`203.0.113.${i}`)));
      waiting.push(...strangers.slice(0, 8));
      const turnedAway = (await strangers[8]) ?? signedIn;
      expect([turnedAway.status, turnedAway.headers['retry-after']]).toEqual([429, '5']);
      await proxied.dataSource.query(`UPDATE app_user SET totp_last_step = 0`);
      expect((await person.signIn({}, knownBrowser(signedIn))).status).toBe(200);
      // Each of them is counted, and then waits: who is only about to be counted when the process ends hears of its end.
      await waitFor('eight to be counted', async () => {
        const [count] = await proxied.dataSource.query<{ failures: number }[]>(
          `SELECT failures FROM sign_in_throttle WHERE subject = 'user:maria'`,
        );
        return (count?.failures ?? 0) >= 1_008 ? true : undefined;
      });
      expect(await Promise.race([...waiting, Promise.resolve('waiting still')])).toBe('waiting still');
    } finally {
      await proxied.close();
    }
    // A process that ends lets nobody wait for it.
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(
      Array.from({ length: 8 }, () => 429),
    );
  });
});
