import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { IS_PUBLIC, NEEDS, notPermitted, type Permission, type RequestWithActor } from '../platform';
import { Callers } from './callers.service';
import { isGranted } from './domain/roles';

/**
 * Stands before every route. Public ones are open, the others ask for the one permission they name; a route that
 * names none is nobody's, so that a forgotten line closes a door instead of opening it.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: Callers,
  ) {}

  /** @throws ProblemException 401 for a stranger, 403 for somebody who may not. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, route) === true) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest & RequestWithActor>();
    const actor = await this.callers.identify(request);
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(NEEDS, route);
    const may = (asked: Permission): boolean => isGranted(asked, actor.roles);
    if (permission === undefined || !may(permission)) throw notPermitted(permission);
    request.actor = actor;
    request.may = may;
    return true;
  }
}
