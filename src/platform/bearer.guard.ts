import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { RequestWithActor } from './actor';
import { ProblemException } from './problem';
import { IS_PUBLIC } from './public';
import { SETTINGS, type Settings } from './settings';

/** Lets in whoever holds ARREMATE_API_TOKEN; with the token unset, nobody. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()]))
      return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & RequestWithActor>();
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const expected = this.settings.ARREMATE_API_TOKEN;
    if (token === undefined || expected === undefined || !sameText(token, expected)) {
      throw new ProblemException(401, { type: 'unauthenticated', title: 'A valid bearer token is needed' });
    }
    request.actor = { id: 'api-token', roles: ['admin'] };
    return true;
  }
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
