import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Permission } from './domain';

/** Who asks: a person or a script. Written beside every change it makes. */
export interface Actor {
  readonly id: string;
  readonly roles: readonly string[];
}

export interface RequestWithActor {
  actor?: Actor;
  /** Whether the actor's roles permit it. */
  may?: (permission: Permission) => boolean;
}

/** The authenticated caller of the request. The guard has put it there; its absence is a bug, not a visitor. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext) => actorOf(context));

/** Whether the caller has this permission too, where a route gives or takes more with it than without. */
export const May = createParamDecorator(
  (permission: Permission, context: ExecutionContext) =>
    context.switchToHttp().getRequest<RequestWithActor>().may?.(permission) === true,
);

export function actorOf(context: ExecutionContext): Actor {
  const { actor } = context.switchToHttp().getRequest<RequestWithActor>();
  if (actor === undefined) throw new Error('a route that needs an actor has no guard');
  return actor;
}
