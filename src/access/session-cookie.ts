import { createHmac } from 'node:crypto';

/** The `__Host-` prefix makes the browser itself insist on Secure, this host and the whole site. */
const NAME = { secure: '__Host-arremate', plain: 'arremate' };

export interface CookieOptions {
  readonly isSecure: boolean;
  /** 0 removes it. */
  readonly maxAgeSeconds: number;
}

/** The Set-Cookie header that keeps a session: out of reach of scripts and of other sites' requests. */
export function sessionCookie(secret: string, { isSecure, maxAgeSeconds }: CookieOptions): string {
  const name = isSecure ? NAME.secure : NAME.plain;
  const flags = `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict`;
  return `${name}=${secret}; ${flags}${isSecure ? '; Secure' : ''}`;
}

export function sessionSecretIn(header: string | undefined, isSecure: boolean): string | undefined {
  return readCookie(header, isSecure ? NAME.secure : NAME.plain);
}

/** The value of one cookie; undefined where there is none or more than one. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? values[0] : undefined;
}

/**
 * What a page must send back in X-CSRF-Token with everything that changes something: it can only be read by pages of
 * this site, and follows from the session's secret without being it.
 */
export function csrfTokenOf(sessionSecret: string): string {
  return createHmac('sha256', sessionSecret).update('csrf').digest('base64url');
}
