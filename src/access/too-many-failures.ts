import type { FastifyReply } from 'fastify';
import { ProblemException } from '../platform';
import type { Refused } from './sign-in-throttle.service';

/** The answer to whoever has to wait; Retry-After says for how long. */
export function tooManyFailures(reply: FastifyReply, { waitSeconds }: Refused): ProblemException {
  void reply.header('retry-after', String(waitSeconds));
  return new ProblemException(429, { type: 'too_many_failures', title: 'Muitas tentativas; aguarde' });
}
