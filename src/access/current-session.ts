import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ProblemException } from '../platform';
import type { Session } from './sessions.service';

export interface RequestWithSession {
  /** Set by the guard for people, not for scripts. */
  session?: Session;
  sessionSecret?: string;
}

/** The session of the person who asks. @throws ProblemException 403 for a token: a script has no account of its own. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): Session => {
  const { session } = context.switchToHttp().getRequest<RequestWithSession>();
  if (session === undefined)
    throw new ProblemException(403, {
      type: 'people_only',
      title: 'This is for people who signed in, not for tokens',
    });
  return session;
});
