import { CLIENT, OidcProvider, type Departure } from '../support/oidc-provider';
import { statementsToWait, whileHeld } from '../support/waiting-statements';
import { createAccessWorld, MASTER, type AccessWorld, type Answer } from './access-world';

const MARIA = { sub: 'maria-1', email: 'Maria@Example.com', email_verified: true };

describe('signing in at an identity provider', () => {
  let provider: OidcProvider;
  let world: AccessWorld;
  beforeAll(async () => {
    provider = await OidcProvider.start();
    world = await createAccessWorld({
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: CLIENT.id,
      OIDC_CLIENT_SECRET: CLIENT.secret,
    });
    await world.as(MASTER)('POST', '/api/v1/users', { username: 'maria@example.com', roles: ['auditor'] });
  });
  afterAll(async () => {
    await world.close();
    await provider.close();
  });
  beforeEach(() => {
    provider.account = MARIA;
    provider.departure = {};
  });

  type There = { readonly pending: string; readonly back: string };
  /** From our start to the provider and back to the address it sends the browser to. */
  const goThere = async (): Promise<There> => {
    const started = await world.call('GET', '/api/v1/session/oidc/start');
    expect(started.status).toBe(302);
    const cookie = String(started.headers['set-cookie']);
    expect(cookie).toMatch(/^arremate-oidc=[^;]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/);
    const there = await fetch(String(started.headers['location']), { redirect: 'manual' });
    const back = new URL(there.headers.get('location') ?? '');
    expect(back.origin).toBe('http://127.0.0.1:3000');
    return { pending: cookie.split(';')[0] ?? '', back: back.pathname + back.search };
  };
  const comeBack = (back: string, cookie: string): Promise<Answer> =>
    world.call('GET', back, undefined, cookie === '' ? {} : { cookie });
  const signIn = async (): Promise<Answer> => {
    const { pending, back } = await goThere();
    return comeBack(back, pending);
  };
  const cookiesOf = ({ headers }: Answer): string[] => [headers['set-cookie'] ?? []].flat().map(String);
  const sessionCookieOf = (answer: Answer): string | undefined =>
    cookiesOf(answer)
      .find((cookie) => cookie.startsWith('arremate='))
      ?.split(';')[0];

  it('is offered', async () => {
    expect((await world.call('GET', '/api/v1/session/methods')).body).toEqual({ password: true, oidc: true });
  });

  it('lets in whom an administrator has made, and knows the account from then on, whatever its address', async () => {
    const answer = await signIn();
    expect([answer.status, answer.headers['location']]).toEqual([302, 'http://127.0.0.1:3000/sign-in']);
    expect(cookiesOf(answer).join('\n')).toContain('SameSite=Strict');
    const me = await world.call('GET', '/api/v1/session', undefined, {
      cookie: sessionCookieOf(answer) ?? '',
    });
    expect(me.body).toMatchObject({ actor: 'user:maria@example.com', roles: ['auditor'] });
    expect(
      (await world.call('GET', '/api/v1/audit', undefined, { cookie: sessionCookieOf(answer) ?? '' })).status,
    ).toBe(200);

    provider.account = { ...MARIA, email: 'other@example.com' };
    expect(sessionCookieOf(await signIn())).toBeDefined();
  });

  it('lets in whom the provider before this one knew, by the verified address, and from then on by the account', async () => {
    const username = 'bia@example.com';
    await world.as(MASTER)('POST', '/api/v1/users', { username, roles: ['operator'] });
    await world.dataSource.query(
      `UPDATE app_user SET oidc_subject = 'https://old.example.com bia-1' WHERE username = $1`,
      [username],
    );
    provider.account = { sub: 'bia-9', email: username, email_verified: false };
    expect(sessionCookieOf(await signIn())).toBeUndefined();
    provider.account = { sub: 'bia-9', email: username, email_verified: true };
    expect(sessionCookieOf(await signIn())).toBeDefined();
    provider.account = { sub: 'bia-9' };
    expect(sessionCookieOf(await signIn())).toBeDefined();
    expect(
      await world.dataSource.query(
        `SELECT actor FROM audit_event WHERE action = 'user.oidc_linked' AND subject = $1`,
        [`user ${username}`],
      ),
    ).toEqual([{ actor: `user:${username}` }]);
  });

  it.each([
    ['has no user here', { sub: 'joao-1', email: 'joao@example.com', email_verified: true }],
    ['did not verify the address', { sub: 'x-1', email: 'not-verified@example.com', email_verified: false }],
    ['says nothing of an address', { sub: 'x-2' }],
    ["has another account's address", { ...MARIA, sub: 'maria-2' }],
  ])('lets nobody in who %s', async (_, account) => {
    await world.as(MASTER)('POST', '/api/v1/users', {
      username: 'not-verified@example.com',
      roles: ['viewer'],
    });
    provider.account = account;
    const answer = await signIn();
    expect(answer.headers['location']).toBe('http://127.0.0.1:3000/sign-in?problem=unknown_user');
    expect(sessionCookieOf(answer)).toBeUndefined();
  });

  it('does not let in a user who is disabled', async () => {
    await world.dataSource.query(
      `UPDATE app_user SET disabled_at = now() WHERE username = 'maria@example.com'`,
    );
    expect(sessionCookieOf(await signIn())).toBeUndefined();
    await world.dataSource.query(`UPDATE app_user SET disabled_at = NULL`);
    expect(sessionCookieOf(await signIn())).toBeDefined();
  });

  it('starts no session of a user who is being disabled', async () => {
    expect(sessionCookieOf(await signIn())).toBeDefined();
    const { signing } = await whileHeld(
      world.dataSource,
      [`UPDATE app_user SET disabled_at = now() WHERE username = 'maria@example.com'`],
      async () => {
        const signing = signIn();
        await statementsToWait(world.dataSource, 1);
        return { signing };
      },
    );
    expect(sessionCookieOf(await signing)).toBeUndefined();
    await world.dataSource.query(`UPDATE app_user SET disabled_at = NULL`);
  });

  it('is the way in of another administrator whom this provider knows, not of one whom another did', async () => {
    const admin = world.as(MASTER);
    const known = async (username: string, subject: string): Promise<string> => {
      const { body } = await admin('POST', '/api/v1/users', { username, roles: ['admin'] });
      await world.dataSource.query(`UPDATE app_user SET oidc_subject = $2 WHERE username = $1`, [
        username,
        subject,
      ]);
      return `/api/v1/users/${String(body['id'])}`;
    };
    const here = await known('here@example.com', `${provider.issuer} 1`);
    await known('elsewhere@example.com', 'https://login.example 2');
    expect((await admin('PATCH', here, { roles: ['viewer'] })).status).toBe(409);
    await known('also-here@example.com', `${provider.issuer}/ 3`);
    expect((await admin('PATCH', here, { roles: ['viewer'] })).status).toBe(200);
  });

  it.each<[string, Departure]>([
    ['is signed with another key', { foreignKey: true }],
    ['is for another client', { audience: 'somebody-else' }],
    ['is by another issuer', { issuer: 'http://127.0.0.1:1' }],
    ['answers another question', { nonce: 'another-nonce-of-some-length' }],
    ['has expired', { expiresIn: '-5m' }],
  ])('refuses an ID token that %s', async (_, departure) => {
    provider.departure = departure;
    const answer = await signIn();
    expect(answer.headers['location']).toBe('http://127.0.0.1:3000/sign-in?problem=refused');
    expect(sessionCookieOf(answer)).toBeUndefined();
  });

  it.each<[string, (there: There, other: There) => [string, string]]>([
    ['without the cookie of its question', ({ back }) => [back, '']],
    ["with another browser's cookie", ({ back }, other) => [back, other.pending]],
    ['with an altered cookie', ({ back, pending }) => [back, `${pending.slice(0, -4)}AAAA`]],
    ['with another state', ({ back, pending }) => [back.replace(/state=[^&]+/, 'state=x'), pending]],
    ['without a code', ({ back, pending }) => [back.replace(/code=[^&]+&/, ''), pending]],
    ['with an error', ({ pending }) => ['/api/v1/session/oidc/callback?error=access_denied', pending]],
  ])('refuses an answer %s', async (_, alter) => {
    const [path, cookie] = alter(await goThere(), await goThere());
    const answer = await comeBack(path, cookie);
    expect(answer.headers['location']).toBe('http://127.0.0.1:3000/sign-in?problem=refused');
    expect(sessionCookieOf(answer)).toBeUndefined();
  });

  it('takes an answer once', async () => {
    const { pending, back } = await goThere();
    const answers = await Promise.all([comeBack(back, pending), comeBack(back, pending)]);
    expect(answers.filter((answer) => sessionCookieOf(answer) !== undefined)).toHaveLength(1);
  });
});

describe('an identity provider', () => {
  it('that does not answer is said to be unavailable, and found again when it does', async () => {
    const provider = await OidcProvider.start();
    const world = await createAccessWorld({
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: CLIENT.id,
      OIDC_CLIENT_SECRET: CLIENT.secret,
    });
    await provider.close();
    const answer = await world.call('GET', '/api/v1/session/oidc/start');
    expect(answer.headers['location']).toBe('http://127.0.0.1:3000/sign-in?problem=unavailable');
    await world.close();
  });

  it('that is not configured does not exist', async () => {
    const world = await createAccessWorld();
    expect((await world.call('GET', '/api/v1/session/oidc/start')).status).toBe(404);
    expect((await world.call('GET', '/api/v1/session/methods')).body).toEqual({
      password: true,
      oidc: false,
    });
    await world.close();
  });

  it.each([
    [{ OIDC_ISSUER: 'https://id.example' }, 'OIDC_CLIENT_ID'],
    [{ OIDC_ISSUER: 'https://id.example' }, 'OIDC_CLIENT_SECRET'],
    [{ OIDC_CLIENT_SECRET: 'x' }, 'OIDC_ISSUER'],
    [
      { OIDC_ISSUER: 'http://id.example', OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'x' },
      'OIDC_ISSUER must be https',
    ],
    [
      { OIDC_ISSUER: 'id.example', OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'x' },
      'OIDC_ISSUER must be an http(s) address',
    ],
    [{ ARREMATE_PUBLIC_URL: 'arremate.example' }, 'ARREMATE_PUBLIC_URL'],
  ])('or address set as %j stops the start: %s', async (environment, message) => {
    await expect(createAccessWorld(environment)).rejects.toThrow(message);
  });
});
