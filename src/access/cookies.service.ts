import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SETTINGS, type Settings } from '../platform';

/** What we keep in browsers. Lax: has to come along when another site, the provider's, sends the browser back to us. */
const COOKIES = {
  session: { name: 'arremate', sameSite: 'Strict' },
  pending_oidc: { name: 'arremate-oidc', sameSite: 'Lax' },
  known_browser: { name: 'arremate-known', sameSite: 'Strict' },
} as const;

type CookieKind = keyof typeof COOKIES;

/**
 * Cookies that no script can read. The `__Host-` prefix makes the browser itself insist on Secure, this host and the
 * whole site; over plain http, which is for loopback alone, no browser takes it.
 */
@Injectable()
export class Cookies {
  readonly #isSecure: boolean;

  constructor(@Inject(SETTINGS) { COOKIES_SECURE }: Settings) {
    this.#isSecure = COOKIES_SECURE;
  }

  set(reply: FastifyReply, kind: CookieKind, value: string, maxAgeSeconds: number): void {
    const flags = `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=${COOKIES[kind].sameSite}`;
    const secure = this.#isSecure ? '; Secure' : '';
    void reply.header('set-cookie', `${this.#nameOf(kind)}=${value}; ${flags}${secure}`);
  }

  remove(reply: FastifyReply, kind: CookieKind): void {
    this.set(reply, kind, '', 0);
  }

  /** Undefined where there is none or more than one. */
  read({ headers }: FastifyRequest, kind: CookieKind): string | undefined {
    const start = `${this.#nameOf(kind)}=`;
    const values = (headers.cookie ?? '')
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(start))
      .map((pair) => pair.slice(start.length));
    return values.length === 1 ? values[0] : undefined;
  }

  #nameOf(kind: CookieKind): string {
    return `${this.#isSecure ? '__Host-' : ''}${COOKIES[kind].name}`;
  }
}
