import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemException } from '../platform';

/**
 * For public routes that take secrets: another site's form cannot send JSON, and its script must ask the browser
 * first, which says no. Nobody is thus signed in as somebody else without noticing.
 */
@Injectable()
export class JsonOnlyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const type = context.switchToHttp().getRequest<FastifyRequest>().headers['content-type'] ?? '';
    if (/^application\/json(\s*;|$)/i.test(type)) return true;
    throw new ProblemException(415, { type: 'not_json', title: 'Send application/json' });
  }
}
