import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../platform';

/** Where a page ended: the sort key of its last row. Opaque to callers. */
export interface Cursor {
  readonly at: Date;
  readonly id: string;
}

/** @throws ProblemException 422 for a text that is none of ours. */
export function readCursor(text: string | undefined, id: z.ZodType<string> = z.uuid()): Cursor | undefined {
  if (text === undefined) return undefined;
  const [at, tie] = decodeCursor(text, z.tuple([z.iso.datetime(), id]));
  return { at: new Date(at), id: tie };
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
  const end = rows.length > limit && last !== undefined ? cursorOf(last) : undefined;
  return { items: items.map(view), next_cursor: end ? encodeCursor([end.at.toISOString(), end.id]) : null };
}
