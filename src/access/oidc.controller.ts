import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemException, Public, SETTINGS, type Settings } from '../platform';
import { OIDC_CALLBACK_PATH, OIDC_MINUTES, OidcSignIn } from './oidc.service';
import { readCookie, sessionCookie } from './session-cookie';
import { Sessions } from './sessions.service';

const PENDING_COOKIE = 'arremate-oidc';

/** For browsers: both routes only send them on, to the identity provider and back to our pages. */
@ApiExcludeController()
@Public()
@Controller('session/oidc')
export class OidcController {
  constructor(
    private readonly oidc: OidcSignIn,
    private readonly sessions: Sessions,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get('start')
  async start(@Res() reply: FastifyReply): Promise<void> {
    this.#assertConfigured();
    const started = await this.oidc.start();
    if (started === undefined) return this.#sendBack(reply, '/sign-in?problem=unavailable');
    await reply
      .status(302)
      .header('set-cookie', this.#pendingCookie(started.pending, OIDC_MINUTES * 60))
      .header('location', started.location)
      .send();
  }

  @Get('callback')
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    this.#assertConfigured();
    const pending = readCookie(request.headers.cookie, PENDING_COOKIE);
    const outcome = await this.oidc.finish(new URL(request.url, 'http://any').search, pending);
    void reply.header('set-cookie', this.#pendingCookie('', 0));
    if (outcome.kind !== 'signed_in') return this.#sendBack(reply, `/sign-in?problem=${outcome.kind}`);
    const options = { isSecure: this.settings.COOKIES_SECURE, maxAgeSeconds: this.sessions.maxAgeSeconds };
    void reply.header('set-cookie', sessionCookie(outcome.secret, options));
    return this.#sendBack(reply, '/');
  }

  #assertConfigured(): void {
    if (!this.oidc.isConfigured)
      throw new ProblemException(404, { type: 'not_found', title: 'No identity provider is configured' });
  }

  async #sendBack(reply: FastifyReply, path: string): Promise<void> {
    await reply.status(302).header('location', `${this.settings.ARREMATE_PUBLIC_URL}${path}`).send();
  }

  /** Lax: it has to come along when the provider's page sends the browser back to us. */
  #pendingCookie(value: string, maxAgeSeconds: number): string {
    const secure = this.settings.COOKIES_SECURE ? '; Secure' : '';
    return `${PENDING_COOKIE}=${value}; Path=${OIDC_CALLBACK_PATH}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
  }
}
