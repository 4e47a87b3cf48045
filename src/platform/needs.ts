import { SetMetadata } from '@nestjs/common';
import type { Permission } from './domain';

export const NEEDS = 'needs_permission';

/** Lets a route be used by whoever has the permission. A route with neither this nor @Public() is refused to everybody. */
export const Needs = (permission: Permission) => SetMetadata(NEEDS, permission);
