import { z } from 'zod';
import { ProblemException } from '../http/problem';

/** PostgreSQL's own text of an instant, to the microsecond. */
export const cursorInstant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/)
  .refine((text) => z.iso.datetime().safeParse(text.replace(' ', 'T').replace('+00', 'Z')).success);

/** A number of PostgreSQL's, within what a bigint holds. */
export const cursorNumber = z.string().regex(/^\d{1,18}$/);

export interface Page<Item> {
  readonly items: Item[];
  readonly next_cursor: string | null;
}

/** A page cut from one row too many: the extra row tells that there is a next page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
  positionOf: (last: Row) => readonly string[],
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(view), next_cursor: more ? encodeCursor(positionOf(last)) : null };
}

/** Where a page ended, opaque to the caller. */
function encodeCursor(position: readonly string[]): string {
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
