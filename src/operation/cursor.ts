import { z } from 'zod';
import { decodeCursor } from '../platform';

/** Where a page ended: the sort key of its last row. Opaque to callers. */
interface Cursor {
  readonly at: Date;
  readonly id: string;
}

/** @throws ProblemException 422 for a text that is none of ours. */
export function readCursor(text: string | undefined, id: z.ZodType<string> = z.uuid()): Cursor | undefined {
  if (text === undefined) return undefined;
  const [at, tie] = decodeCursor(text, z.tuple([z.iso.datetime(), id]));
  return { at: new Date(at), id: tie };
}

/** Its text's parts. */
export function positionOf(at: Date, id: string): readonly string[] {
  return [at.toISOString(), id];
}
