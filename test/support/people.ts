import { URI, type TOTP } from 'otpauth';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly body: Record<string, unknown>;
}

export type Call = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

/** The service at which people sign up and in, wherever it runs. */
export interface FrontDoor {
  /** A request that carries nothing but what is given. */
  readonly call: Call;
  /** The same with the token of the environment: every role. */
  readonly master: Call;
  /** What the service logged, one JSON text per line. */
  readonly logged: readonly string[];
}

export const PASSWORD = 'correct horse battery staple';

/** Somebody with a password, an authenticator and a browser. */
export interface Person {
  readonly username: string;
  readonly password: string;
  /** A code that was not used before: of this 30-second step or, where that is used, of the next one. */
  code(): string;
  signIn(
    changes?: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
}

/** The secret at the end of a link. */
export function tokenOf(link: unknown): string {
  return String(link).split('#')[1] ?? '';
}

/** The link printed at the first start. */
export function firstLink(door: FrontDoor): string {
  const line = door.logged
    .map((text) => JSON.parse(text) as { link?: string })
    .find(({ link }) => link !== undefined);
  return line?.link ?? '';
}

/** Sets up password and authenticator as the page behind the link does. */
export async function accept(
  door: FrontDoor,
  link: unknown,
  { username, password = PASSWORD }: { readonly username?: string; readonly password?: string } = {},
): Promise<Person> {
  const token = tokenOf(link);
  const inspected = await door.call('POST', '/api/v1/invitations/inspect', { token });
  const totp = URI.parse(String(inspected.body['totp_uri'])) as TOTP;
  const name = (inspected.body['username'] ?? username) as string;
  // The code of the step before leaves the present one for signing in; it must not grow too old on its way.
  const leftOfStep = 30_000 - (Date.now() % 30_000);
  // A timer may ring a moment early: then the code would be that of two steps before.
  if (leftOfStep < 5_000) await new Promise((resolve) => setTimeout(resolve, leftOfStep + 100));
  const code = totp.generate({ timestamp: Date.now() - 30_000 });
  const accepted = await door.call('POST', '/api/v1/invitations/accept', {
    token,
    username,
    password,
    code,
  });
  if (accepted.status !== 204) throw new Error(`not accepted: ${JSON.stringify(accepted.body)}`);
  let steps = 0;
  const nextCode = (): string => totp.generate({ timestamp: Date.now() + 30_000 * Math.min(steps++, 1) });
  return {
    username: name,
    password,
    code: nextCode,
    signIn: (changes = {}, headers = {}) =>
      door.call(
        'POST',
        '/api/v1/session',
        { username: name, password, code: nextCode(), ...changes },
        headers,
      ),
  };
}

/** A new user made by the administrator's token, ready to sign in. */
export async function newPerson(
  door: FrontDoor,
  username: string,
  ...roles: string[]
): Promise<Person & { id: string }> {
  const { body } = await door.master('POST', '/api/v1/users', { username, roles });
  return { ...(await accept(door, body['invitation_link'])), id: String(body['id']) };
}

/** Requests as the console sends them after this sign-in: cookie and CSRF token. */
export function browserOf(door: FrontDoor, signedIn: Answer): Call {
  const cookie = cookiesOf(signedIn);
  const csrf = String(signedIn.body['csrf_token']);
  return (method, path, body, headers) =>
    door.call(method, path, body, { cookie, 'x-csrf-token': csrf, ...headers });
}

/** What the browser sends back of the cookies it was given. */
export function cookiesOf({ headers }: Answer): string {
  const given = [headers['set-cookie'] ?? []].flat().map(String);
  return given.map((cookie) => cookie.split(';')[0]).join('; ');
}
