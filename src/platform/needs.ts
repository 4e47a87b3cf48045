import { SetMetadata } from '@nestjs/common';
import type { Permission } from './domain';
import { ProblemException } from './http/problem';

export const NEEDS = 'needs_permission';

/** Lets a route be used by whoever has the permission. A route with neither this nor @Public() is refused to everybody. */
export const Needs = (permission: Permission) => SetMetadata(NEEDS, permission);

/** The answer to somebody whose roles do not permit it. @param permission undefined: of a route that is nobody's */
export const notPermitted = (permission: Permission | undefined) =>
  new ProblemException(403, {
    type: 'not_permitted',
    title: 'Your roles do not permit this',
    ...(permission !== undefined && { permission }),
  });
