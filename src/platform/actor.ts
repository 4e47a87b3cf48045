import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** Who asks: a person or a script. Written beside every change it makes. */
export interface Actor {
  readonly id: string;
  readonly roles: readonly string[];
}

export interface RequestWithActor {
  actor?: Actor;
}

/** The authenticated caller of the request. The guard has put it there; its absence is a bug, not a visitor. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext) => actorOf(context));

export function actorOf(context: ExecutionContext): Actor {
  const { actor } = context.switchToHttp().getRequest<RequestWithActor>();
  if (actor === undefined) throw new Error('a route that needs an actor has no guard');
  return actor;
}
