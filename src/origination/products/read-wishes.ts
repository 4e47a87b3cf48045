import type { z } from 'zod';
import type { StoredWishes } from '../stored';
import type { WishesReading } from './proposal-product';

/** Reads what somebody wished for, into the form in which it lies on disk and is read again. */
export function readWishes<S extends z.ZodType>(
  schema: S,
  json: (wishes: z.output<S>) => StoredWishes,
  given: unknown,
): WishesReading {
  const read = schema.safeParse(given);
  if (read.success) return { kind: 'read', wishes: json(read.data) };
  const problems = read.error.issues.map(({ path, message }) => ({
    path: ['wishes', ...path].join('.'),
    message,
  }));
  return { kind: 'invalid', problems };
}
