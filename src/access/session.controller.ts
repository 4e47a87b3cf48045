import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags, ApiTooManyRequestsResponse, ApiUnauthorizedResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ZodResponse } from 'nestjs-zod';
import {
  ClientAddress,
  CurrentActor,
  Needs,
  PERMISSIONS,
  ProblemException,
  Public,
  SETTINGS,
  type Actor,
  type Settings,
} from '../platform';
import { SessionDto, SignInMethodsDto, SignInRequest } from './account.dto';
import { Cookies } from './cookies.service';
import { csrfTokenOf } from './csrf-token';
import { CurrentSession, type RequestWithSession } from './current-session';
import { isGranted } from './domain/roles';
import { JsonOnlyGuard } from './json-only.guard';
import { KnownBrowsers } from './known-browsers.service';
import { actorOf, Sessions, type Session } from './sessions.service';
import { SignIn } from './sign-in.service';
import { tooManyFailures } from './too-many-failures';

@ApiTags('session')
@Controller('session')
export class SessionController {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    private readonly cookies: Cookies,
    private readonly browsers: KnownBrowsers,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get('methods')
  @Public()
  @ApiOperation({ summary: 'How one may sign in here' })
  @ZodResponse({ status: 200, type: SignInMethodsDto })
  methods() {
    return { password: true as const, oidc: this.settings.OIDC_ISSUER !== undefined };
  }

  @Post()
  @Public()
  @UseGuards(JsonOnlyGuard)
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in with password and one-time code; the session is kept in a cookie' })
  @ApiUnauthorizedResponse({ description: 'Name, password or code is wrong; which one is not said' })
  @ApiTooManyRequestsResponse({
    description:
      'Too many failures of this name here, or too many at the door; Retry-After says how long to wait',
  })
  @ZodResponse({ status: 200, type: SessionDto })
  async create(
    @Body() body: SignInRequest,
    @Req() request: FastifyRequest,
    @ClientAddress() address: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const mark = this.cookies.read(request, 'known_browser');
    const outcome = await this.signIn.signIn(body, { address, mark });
    switch (outcome.kind) {
      case 'busy':
      case 'locked':
        throw tooManyFailures(reply, outcome);
      case 'refused':
        throw new ProblemException(401, {
          type: 'sign_in_refused',
          title: 'Usuário, senha ou código incorreto',
        });
      case 'signed_in': {
        const session = await this.sessions.find(outcome.secret, 'person');
        if (session === undefined) throw new Error('a session ended as it began');
        this.cookies.set(reply, 'session', outcome.secret, this.sessions.maxAgeSeconds);
        this.cookies.set(reply, 'known_browser', outcome.mark, this.browsers.maxAgeSeconds);
        void reply.header('cache-control', 'no-store');
        return viewSession(actorOf(session), session, outcome.secret);
      }
    }
  }

  @Get()
  @Needs('account.own')
  @ApiOperation({ summary: 'Who am I, and what may I do' })
  @ZodResponse({ status: 200, type: SessionDto })
  read(@CurrentActor() actor: Actor, @Req() { session, sessionSecret }: RequestWithSession) {
    return viewSession(actor, session, sessionSecret);
  }

  @Delete()
  @Needs('account.own')
  @HttpCode(204)
  @ApiOperation({ summary: 'Sign out' })
  async end(
    @CurrentSession() session: Session,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.sessions.end(session.userId, session.id, actorOf(session));
    this.cookies.remove(reply, 'session');
    void reply.header('cache-control', 'no-store');
  }
}

function viewSession(actor: Actor, session: Session | undefined, secret: string | undefined) {
  return {
    actor: actor.id,
    username: session?.username ?? null,
    roles: [...actor.roles],
    permissions: PERMISSIONS.filter((permission) => isGranted(permission, actor.roles)),
    expires_at: session?.expiresAt.toISOString() ?? null,
    csrf_token: secret === undefined ? null : csrfTokenOf(secret),
  };
}
