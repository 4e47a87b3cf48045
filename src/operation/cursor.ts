import { z } from 'zod';
import { ProblemException } from '../platform';

/** Where a page ended: the sort key of its last row. Opaque to callers. */
export interface Cursor {
  readonly at: Date;
  readonly id: string;
}

const stored = z.tuple([z.iso.datetime(), z.string()]);

export function writeCursor({ at, id }: Cursor): string {
  return Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url');
}

/** @throws ProblemException 422 for a text that is none of ours. */
export function readCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  try {
    const [at, id] = stored.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return { at: new Date(at), id };
  } catch {
    throw new ProblemException(422, {
      type: 'invalid',
      title: 'The request is not valid',
      errors: [{ path: 'cursor', message: 'is not a next_cursor of ours' }],
    });
  }
}

/** A page cut from one row too many: the extra row tells that there is a next page. */
export function pageOf<T, V>(
  rows: readonly T[],
  limit: number,
  view: (row: T) => V,
  cursorOf: (row: T) => Cursor,
): { readonly items: V[]; readonly next_cursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: items.map(view), next_cursor: more ? writeCursor(cursorOf(last)) : null };
}
