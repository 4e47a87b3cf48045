import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClientAddress, ProblemException, Public, SETTINGS, type Settings } from '../platform';
import { Cookies } from './cookies.service';
import { OIDC_MINUTES, OidcSignIn } from './oidc.service';
import { Sessions } from './sessions.service';

/** For browsers: both routes only send them on, to the identity provider and back to our page of sign-in, which says why or leads on. */
@ApiExcludeController()
@Public()
@Controller('session/oidc')
export class OidcController {
  constructor(
    private readonly oidc: OidcSignIn,
    private readonly sessions: Sessions,
    private readonly cookies: Cookies,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get('start')
  async start(@Res() reply: FastifyReply): Promise<void> {
    this.#assertConfigured();
    const started = await this.oidc.start();
    if (started === undefined) return this.#sendBack(reply, '/sign-in?problem=unavailable');
    this.cookies.set(reply, 'pending_oidc', started.pending, OIDC_MINUTES * 60);
    await reply.status(302).header('location', started.location).send();
  }

  @Get('callback')
  async callback(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @ClientAddress() address: string,
  ): Promise<void> {
    this.#assertConfigured();
    const pending = this.cookies.read(request, 'pending_oidc');
    const outcome = await this.oidc.finish(new URL(request.url, 'http://any').search, pending, address);
    this.cookies.remove(reply, 'pending_oidc');
    if (outcome.kind !== 'signed_in') return this.#sendBack(reply, `/sign-in?problem=${outcome.kind}`);
    this.cookies.set(reply, 'session', outcome.secret, this.sessions.maxAgeSeconds);
    return this.#sendBack(reply, '/sign-in');
  }

  #assertConfigured(): void {
    if (!this.oidc.isConfigured)
      throw new ProblemException(404, { type: 'not_found', title: 'No identity provider is configured' });
  }

  async #sendBack(reply: FastifyReply, path: string): Promise<void> {
    await reply.status(302).header('location', `${this.settings.ARREMATE_PUBLIC_URL}${path}`).send();
  }
}
