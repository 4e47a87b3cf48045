import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemException, type Actor } from '../platform';
import { Cookies } from './cookies.service';
import { csrfTokenOf } from './csrf-token';
import type { RequestWithSession } from './current-session';
import { actorOf, Sessions } from './sessions.service';
import { TokenHolders } from './token-holders.service';

/** What our pages put on a request that nobody asked for. Whoever forges it only ends their session sooner. */
const UNATTENDED = 'x-unattended';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Finds out who asks: a script by its bearer token, or a person by the session in a cookie. */
@Injectable()
export class Callers {
  constructor(
    private readonly tokens: TokenHolders,
    private readonly sessions: Sessions,
    private readonly cookies: Cookies,
  ) {}

  /**
   * A request that names a bearer token is judged by that token alone.
   * @throws ProblemException 401 for a stranger, 403 for a session's request that may come from another site.
   */
  async identify(request: FastifyRequest & RequestWithSession): Promise<Actor> {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
      const actor = token === undefined ? undefined : await this.tokens.holderOf(token);
      return actor ?? stranger();
    }
    const secret = this.cookies.read(request, 'session');
    const by = request.headers[UNATTENDED] === undefined ? 'person' : 'page';
    const session = secret === undefined ? undefined : await this.sessions.find(secret, by);
    if (secret === undefined || session === undefined) return stranger();
    if (!READING.has(request.method)) assertFromOurPages(secret, request.headers['x-csrf-token']);
    request.session = session;
    request.sessionSecret = secret;
    return actorOf(session);
  }
}

function stranger(): never {
  throw new ProblemException(401, {
    type: 'unauthenticated',
    title: 'Sign in, or give a valid bearer token',
  });
}

function assertFromOurPages(secret: string, given: string | string[] | undefined): void {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const isOurs = typeof given === 'string' && timingSafeEqual(digest(given), digest(csrfTokenOf(secret)));
  if (!isOurs)
    throw new ProblemException(403, {
      type: 'csrf',
      title: 'X-CSRF-Token is missing or is not that of this session',
    });
}
