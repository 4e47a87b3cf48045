import { createAccessWorld, MASTER, type AccessWorld, type Answer, type Call } from './access-world';
import { accept, browserOf, cookiesOf, newPerson, PASSWORD, type Person } from '../support/people';
import { statementsToWait, whileHeld } from '../support/waiting-statements';

describe('sessions', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld();
  });
  afterAll(() => world.close());
  beforeEach(() => world.dataSource.query(`DELETE FROM sign_in_throttle`));

  const enter = async (person: Person): Promise<Call> => browserOf(world, await person.signIn());
  const isIn = async (call: Call): Promise<boolean> => (await call('GET', '/api/v1/session')).status === 200;

  it('read with the cookie alone, but change nothing without the CSRF token', async () => {
    const person = await newPerson(world, 'csrf', 'operator');
    const signedIn = await person.signIn();
    const call = browserOf(world, signedIn);
    const other = browserOf(world, await person.signIn());
    const engage = (caller: Call, headers = {}) =>
      caller('POST', '/api/v1/kill-switch/engage', { reason: 'teste' }, headers);
    expect((await call('GET', '/api/v1/auctions', undefined, { 'x-csrf-token': '' })).status).toBe(200);
    const foreign = String((await other('GET', '/api/v1/session')).body['csrf_token']);
    for (const token of ['', 'x', foreign, cookiesOf(signedIn).slice(9, 52)]) {
      const answer = await engage(call, { 'x-csrf-token': token });
      expect([answer.status, answer.body['type']]).toEqual([403, 'urn:arremate:problem:csrf']);
    }
    const done = await engage(call);
    expect(done).toMatchObject({ status: 200, body: { actor: 'user:csrf' } });
  });

  it('are not asked when a bearer token is given, even a wrong one', async () => {
    const call = await enter(await newPerson(world, 'both', 'viewer'));
    expect((await call('GET', '/api/v1/session', undefined, { authorization: 'Bearer wrong' })).status).toBe(
      401,
    );
    const byToken = await call('GET', '/api/v1/session', undefined, { authorization: `Bearer ${MASTER}` });
    expect(byToken.body).toMatchObject({ actor: 'api-token', username: null, csrf_token: null });
  });

  it.each([
    ['signing out', `ended_at = now()`],
    ['their last hour', `expires_at = now() - interval '1 s'`],
    ['half an hour of silence', `seen_at = now() - interval '31 min'`],
  ])('end with %s', async (what, change) => {
    const call = await enter(await newPerson(world, `end-${what.replaceAll(' ', '-')}`, 'viewer'));
    expect(await isIn(call)).toBe(true);
    await world.dataSource.query(
      `UPDATE session SET ${change} WHERE user_id = (SELECT id FROM app_user WHERE username = $1)`,
      [`end-${what.replaceAll(' ', '-')}`],
    );
    expect(await isIn(call)).toBe(false);
  });

  it('stay awake while they are used', async () => {
    const call = await enter(await newPerson(world, 'awake', 'viewer'));
    await world.dataSource.query(`UPDATE session SET seen_at = now() - interval '29 min'`);
    expect(await isIn(call)).toBe(true);
    const [row] = await world.dataSource.query<{ fresh: boolean }[]>(
      `SELECT bool_or(seen_at > now() - interval '1 min') AS fresh FROM session`,
    );
    expect(row?.fresh).toBe(true);
  });

  it('fall asleep although a page goes on asking by itself', async () => {
    const call = await enter(await newPerson(world, 'away', 'viewer'));
    const unattended = async () =>
      (await call('GET', '/api/v1/alerts', undefined, { 'x-unattended': '1' })).status;
    const ofAway = `user_id = (SELECT id FROM app_user WHERE username = 'away')`;
    const quietFor = async () => {
      const [row] = await world.dataSource.query<{ minutes: number }[]>(
        `SELECT (extract(epoch FROM now() - seen_at) / 60)::integer AS minutes FROM session WHERE ${ofAway}`,
      );
      return row?.minutes;
    };
    const pass = (minutes: number) =>
      world.dataSource.query(`UPDATE session SET seen_at = seen_at - $1 * interval '1 min' WHERE ${ofAway}`, [
        minutes,
      ]);
    await pass(29);
    expect([await unattended(), await quietFor()]).toEqual([200, 29]);
    expect([await isIn(call), await quietFor()]).toEqual([true, 0]);
    await pass(29);
    expect(await unattended()).toBe(200);
    await pass(2);
    expect([await unattended(), await isIn(call)]).toEqual([401, false]);
  });

  it('are signed out once by two who do it at the same time', async () => {
    const person = await newPerson(world, 'twice-out', 'viewer');
    const call = await enter(person);
    const other = await enter(person);
    const { body } = await call('GET', '/api/v1/account/sessions');
    const sessions = body['items'] as { id: string; is_this_one: boolean }[];
    expect(sessions.map((session) => session.is_this_one).toSorted()).toEqual([false, true]);
    const id = sessions.find((session) => !session.is_this_one)?.id ?? '';
    const answers = await Promise.all([1, 2, 3].map(() => call('DELETE', `/api/v1/account/sessions/${id}`)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(await isIn(other)).toBe(false);
    const rows = await world.dataSource.query<unknown[]>(
      `SELECT FROM audit_event WHERE action = 'session.ended' AND subject = $1`,
      [`session ${id}`],
    );
    expect(rows).toHaveLength(1);
    const out = await call('DELETE', '/api/v1/session');
    expect([out.status, String(out.headers['set-cookie'])]).toEqual([
      204,
      expect.stringContaining('Max-Age=0'),
    ]);
    expect(await isIn(call)).toBe(false);
  });

  it("cannot be ended by anybody else's hand but an administrator's", async () => {
    const mine = await enter(await newPerson(world, 'mine', 'viewer'));
    const other = await enter(await newPerson(world, 'other', 'viewer'));
    const [session] = (await mine('GET', '/api/v1/account/sessions')).body['items'] as { id: string }[];
    expect((await other('DELETE', `/api/v1/account/sessions/${session?.id ?? ''}`)).status).toBe(404);
    expect(await isIn(mine)).toBe(true);
  });

  it('end elsewhere when the password is changed, which takes the old one', async () => {
    const person = await newPerson(world, 'changes', 'viewer');
    const [here, there] = [await enter(person), await enter(person)];
    const change = (current: string, next: string) =>
      here('POST', '/api/v1/account/password', { current_password: current, new_password: next });
    expect((await change('wrong password', 'a whole new password')).status).toBe(422);
    expect((await change(PASSWORD, 'short')).status).toBe(422);
    expect(await isIn(there)).toBe(true);
    expect((await change(PASSWORD, 'a whole new password')).status).toBe(204);
    expect([await isIn(here), await isIn(there)]).toEqual([true, false]);
    const [{ hash } = { hash: '' }] = await world.dataSource.query<{ hash: string }[]>(
      `SELECT password_hash AS hash FROM app_user WHERE username = 'changes'`,
    );
    await world.dataSource.query(`UPDATE app_user SET totp_last_step = 0 WHERE username = 'changes'`);
    expect((await person.signIn()).status).toBe(401);
    expect((await person.signIn({ password: 'a whole new password' })).status).toBe(200);
    expect(hash).toContain('argon2id');
  });

  /** Both are under way at the same time, and the first is a moment earlier. */
  const oneBeforeTheOther = async <First, Second>(
    userId: string,
    first: () => Promise<First>,
    second: () => Promise<Second>,
  ): Promise<[First, Second]> => {
    const { both } = await whileHeld(
      world.dataSource,
      [`SELECT FROM app_user WHERE id = $1 FOR UPDATE`, userId],
      async () => {
        const begun = first();
        await statementsToWait(world.dataSource, 1);
        const both = Promise.all([begun, second()]);
        await statementsToWait(world.dataSource, 2);
        return { both };
      },
    );
    return both;
  };

  it('change no password that a link has just set anew', async () => {
    const person = await newPerson(world, 'taken', 'operator');
    const thief = await enter(person);
    const { body } = await world.master('POST', `/api/v1/users/${person.id}/invitation`);
    const [again, answer] = await oneBeforeTheOther(
      person.id,
      () => accept(world, body['invitation_link'], { password: 'my new long password' }),
      () =>
        thief('POST', '/api/v1/account/password', {
          current_password: PASSWORD,
          new_password: 'what the thief wants',
        }),
    );
    expect(answer.status).toBe(422);
    expect((await again.signIn()).status).toBe(200);
    const failures = await world.dataSource.query<unknown[]>(
      `SELECT FROM sign_in_throttle WHERE subject = 'account:taken'`,
    );
    expect(failures).toHaveLength(1);
  });

  it.each([
    ['was disabled', 'PATCH', '', { disabled: true }],
    ['was signed out everywhere', 'DELETE', '/sessions', undefined],
  ] as const)('change no password of whoever %s meanwhile', async (what, method, path, body) => {
    const username = what.replaceAll(' ', '-');
    const person = await newPerson(world, username, 'operator');
    const call = await enter(person);
    const [, answer] = await oneBeforeTheOther(
      person.id,
      () => world.master(method, `/api/v1/users/${person.id}${path}`, body),
      () =>
        call('POST', '/api/v1/account/password', {
          current_password: PASSWORD,
          new_password: 'a whole new password',
        }),
    );
    expect(answer.status).toBe(422);
    const changes = await world.dataSource.query<unknown[]>(
      `SELECT FROM audit_event WHERE action = 'user.password_changed' AND subject = $1`,
      [`user ${username}`],
    );
    expect(changes).toEqual([]);
  });

  it('do not let the old password be guessed without limit', async () => {
    const person = await newPerson(world, 'guesser', 'viewer');
    const call = await enter(person);
    const answers = [];
    for (let i = 0; i < 6; i += 1) {
      const body = { current_password: `guess number ${i}`, new_password: 'a whole new password' };
      answers.push(await call('POST', '/api/v1/account/password', body));
    }
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422, 429]);
    expect(Number(answers[5]?.headers['retry-after'])).toBeGreaterThan(800);
    // These guesses are counted apart: the door knows nothing of them, nor they of the door.
    expect((await person.signIn()).status).toBe(200);
  });

  it('let the password be changed, whatever strangers do at the door', async () => {
    const call = await enter(await newPerson(world, 'besieged', 'viewer'));
    await world.dataSource.query(
      `INSERT INTO sign_in_throttle (subject, failures, until) SELECT subject, 5000, now() + interval '15 min'
       FROM unnest(ARRAY['user:besieged', 'at:127.0.0.1 besieged', 'address:127.0.0.1']) AS subject
       ON CONFLICT (subject) DO UPDATE SET failures = 5000`,
    );
    const body = { current_password: PASSWORD, new_password: 'a whole new password' };
    expect((await call('POST', '/api/v1/account/password', body)).status).toBe(204);
  });
});

describe('users', () => {
  let world: AccessWorld;
  let admin: Call;
  beforeAll(async () => {
    world = await createAccessWorld();
    admin = world.as(await world.tokenFor('admin'));
  });
  afterAll(() => world.close());
  beforeEach(() => world.dataSource.query(`DELETE FROM sign_in_throttle`));

  it('are invited, take a name that is free, and see only what their roles permit', async () => {
    const person = await newPerson(world, 'analyst@example.com', 'analyst');
    const call = browserOf(world, await person.signIn());
    expect((await call('GET', '/api/v1/auctions')).status).toBe(200);
    expect((await call('GET', '/api/v1/users')).status).toBe(403);
    expect(
      (await admin('POST', '/api/v1/users', { username: ' Analyst@Example.com', roles: ['viewer'] })).status,
    ).toBe(409);
    const { body } = await admin('GET', '/api/v1/users?limit=1');
    expect(body['items']).toEqual([
      expect.objectContaining({
        username: 'analyst@example.com',
        roles: ['analyst'],
        has_password: true,
        has_oidc: false,
      }),
    ]);
    expect(JSON.stringify(body)).not.toContain('argon2');
    const found = await admin('GET', '/api/v1/users?text=YST@exam');
    expect(found.body['items']).toEqual(body['items']);
    expect((await admin('GET', '/api/v1/users?text=%25')).body['items']).toEqual([]);
  });

  it('have other roles from the next request on', async () => {
    const person = await newPerson(world, 'promoted', 'viewer');
    const call = browserOf(world, await person.signIn());
    expect((await call('GET', '/api/v1/audit')).status).toBe(403);
    expect((await admin('PATCH', `/api/v1/users/${person.id}`, { roles: ['auditor'] })).status).toBe(200);
    expect(
      await world.dataSource.query(
        `SELECT details FROM audit_event WHERE action = 'user.changed' AND subject = $1`,
        [`user ${person.username}`],
      ),
    ).toEqual([{ details: { roles: ['auditor'], roles_before: ['viewer'] } }]);
    expect((await call('GET', '/api/v1/audit')).status).toBe(200);
  });

  it('of two who change roles that they saw the same, the second is told that they are others now', async () => {
    const { id } = await newPerson(world, 'demoted', 'operator', 'analyst');
    const change = (body: object) => admin('PATCH', `/api/v1/users/${id}`, body);
    const roles_seen = ['analyst', 'operator'];
    expect(await change({ roles: ['viewer'], roles_seen })).toMatchObject({
      status: 200,
      body: { roles: ['viewer'] },
    });
    expect((await change({ roles: ['viewer'], roles_seen })).status).toBe(200); // again: its answer was lost
    expect(await change({ roles: ['operator', 'analyst'], roles_seen })).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:changed_meanwhile' },
    });
    const { body } = await admin('GET', '/api/v1/users?text=demoted');
    expect(body['items']).toMatchObject([{ roles: ['viewer'] }]);
    expect((await change({ roles_seen: ['viewer'] })).status).toBe(422);
  });

  it('that are disabled are out at once and stay out until they are enabled', async () => {
    const person = await newPerson(world, 'leaver', 'viewer');
    const call = browserOf(world, await person.signIn());
    await admin('PATCH', `/api/v1/users/${person.id}`, { disabled: true });
    expect((await call('GET', '/api/v1/session')).status).toBe(401);
    expect((await person.signIn()).status).toBe(401);
    expect((await admin('POST', `/api/v1/users/${person.id}/invitation`)).status).toBe(404);
    await admin('PATCH', `/api/v1/users/${person.id}`, { disabled: false });
    expect((await call('GET', '/api/v1/session')).status).toBe(401);
    expect((await person.signIn()).status).toBe(200);
  });

  it('who lost their telephone get a new link, which ends sessions and older links', async () => {
    const person = await newPerson(world, 'forgetful', 'viewer');
    const call = browserOf(world, await person.signIn());
    const first = await admin('POST', `/api/v1/users/${person.id}/invitation`);
    const second = await admin('POST', `/api/v1/users/${person.id}/invitation`);
    await expect(accept(world, first.body['invitation_link'])).rejects.toThrow();
    expect((await call('GET', '/api/v1/session')).status).toBe(200);
    const again = await accept(world, second.body['invitation_link'], { password: 'another long password' });
    expect((await call('GET', '/api/v1/session')).status).toBe(401);
    expect((await person.signIn()).status).toBe(401);
    expect((await again.signIn()).status).toBe(200);
  });

  it('are signed out everywhere by an administrator', async () => {
    const person = await newPerson(world, 'suspect', 'viewer');
    const call = browserOf(world, await person.signIn());
    expect((await admin('DELETE', `/api/v1/users/${person.id}/sessions`)).status).toBe(204);
    expect((await call('GET', '/api/v1/session')).status).toBe(401);
  });

  it('keep one administrator, whatever two of them do to each other at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, two] = [
        await newPerson(world, `admin-a${round}`, 'admin'),
        await newPerson(world, `admin-b${round}`, 'admin'),
      ];
      const answers = await Promise.all([
        admin('PATCH', `/api/v1/users/${one.id}`, { roles: ['viewer'] }),
        admin('PATCH', `/api/v1/users/${two.id}`, { disabled: true }),
      ]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
      await world.dataSource.query(`UPDATE app_user SET roles = '{viewer}'`);
    }
  });

  it.each([[{ roles: ['viewer'] }], [{ disabled: true }]])(
    'keep the last administrator who can sign in from %j: one who never opened the invitation is no other',
    async (change) => {
      await world.dataSource.query(`UPDATE app_user SET roles = '{viewer}'`);
      const name = `founder-${Object.keys(change).join()}`;
      const founder = await newPerson(world, name, 'admin');
      const call = browserOf(world, await founder.signIn());
      const { body: invited } = await call('POST', '/api/v1/users', {
        username: `late-${name}`,
        roles: ['admin'],
      });
      const leave = (): Promise<Answer> => call('PATCH', `/api/v1/users/${founder.id}`, change);
      expect(await leave()).toMatchObject({
        status: 409,
        body: { type: 'urn:arremate:problem:last_administrator' },
      });
      expect((await call('GET', '/api/v1/users')).status).toBe(200);

      await accept(world, invited['invitation_link']);
      expect((await leave()).status).toBe(200);
    },
  );

  it('keep the last administrator who can sign in: an account at a provider that is no longer set up is no way in', async () => {
    await world.dataSource.query(`UPDATE app_user SET roles = '{viewer}'`);
    const only = await newPerson(world, 'by-password', 'admin');
    await admin('POST', '/api/v1/users', { username: 'by-provider', roles: ['admin'] });
    await world.dataSource.query(
      `UPDATE app_user SET oidc_subject = 'https://login.example 1' WHERE username = 'by-provider'`,
    );
    expect(await admin('PATCH', `/api/v1/users/${only.id}`, { roles: ['viewer'] })).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:last_administrator' },
    });
  });

  it.each([
    [{ username: 'x', roles: ['viewer'] }],
    [{ username: 'with space', roles: ['viewer'] }],
    [{ username: 'someone', roles: [] }],
    [{ username: 'someone', roles: ['root'] }],
    [{ username: 'a\0b', roles: ['viewer'] }],
    [undefined],
  ])('are refused as %j', async (body) => {
    expect((await admin('POST', '/api/v1/users', body)).status).toBe(422);
  });

  it('that do not exist, or changes that change nothing, are refused', async () => {
    const nobody = '/api/v1/users/00000000-0000-4000-8000-000000000000';
    expect((await admin('PATCH', nobody, { disabled: true })).status).toBe(404);
    expect((await admin('PATCH', nobody, {})).status).toBe(422);
    expect((await admin('DELETE', `${nobody}/sessions`)).status).toBe(404);
  });
});
