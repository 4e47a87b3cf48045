import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemException, type Actor } from '../platform';
import { ApiTokens } from './api-tokens.service';

/** Finds out who asks. */
@Injectable()
export class Callers {
  constructor(private readonly tokens: ApiTokens) {}

  /** @throws ProblemException 401 for a stranger. */
  async identify(request: FastifyRequest): Promise<Actor> {
    const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const actor = bearer === undefined ? undefined : await this.tokens.holderOf(bearer);
    if (actor === undefined)
      throw new ProblemException(401, { type: 'unauthenticated', title: 'A valid bearer token is needed' });
    return actor;
  }
}
