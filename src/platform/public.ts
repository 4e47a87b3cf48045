import { SetMetadata } from '@nestjs/common';

export const IS_PUBLIC = 'is_public';

/** A route that needs no sign-in: health, metrics, and QI's webhooks (which carry their own signature). */
export const Public = () => SetMetadata(IS_PUBLIC, true);
