import type { z } from 'zod';
import { ProblemException } from './problem';

/** Where a page ended, opaque to the caller. */
export function encodeCursor(position: readonly string[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** @throws ProblemException 422 for anything this service did not write. */
export function decodeCursor<Position>(cursor: string, schema: z.ZodType<Position>): Position {
  try {
    const read = schema.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (read.success) return read.data;
  } catch {
    // not a cursor of ours: said below
  }
  throw new ProblemException(422, {
    type: 'invalid',
    title: 'The request is not valid',
    errors: [{ path: 'cursor', message: 'is not a cursor of this list' }],
  });
}
