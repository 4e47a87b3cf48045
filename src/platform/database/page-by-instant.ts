import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { z } from 'zod';
import { cursorInstant, decodeCursor, pageOf, type Page } from './cursor';

/** Rows by an instant, those of the same one by their key; both named as the query names them. */
interface ByInstant {
  readonly instant: string;
  readonly key: string;
  readonly direction: 'ASC' | 'DESC';
  /** What a key looks like. */
  readonly keySchema?: z.ZodType<string>;
}

/**
 * One page of what `found` selects. Where it ended is told in PostgreSQL's own words: a Date is cut to the millisecond, and
 * between that and the microsecond lie rows that no page, or more than one, would show.
 * @throws ProblemException 422 for a cursor that is none of ours.
 */
export async function pageByInstant<Row extends ObjectLiteral>(
  found: SelectQueryBuilder<Row>,
  { instant, key, direction, keySchema = z.uuid() }: ByInstant,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<Row>> {
  found
    .addSelect(`CAST(${instant} AS text)`, 'page_instant')
    .addSelect(`CAST(${key} AS text)`, 'page_key')
    .orderBy(instant, direction)
    .addOrderBy(key, direction)
    .limit(limit + 1);
  if (cursor !== undefined) {
    const [at, tie] = decodeCursor(cursor, z.tuple([cursorInstant, keySchema]));
    const beyond = direction === 'ASC' ? '>' : '<';
    found.andWhere(`(${instant}, ${key}) ${beyond} (:page_instant, :page_key)`, {
      page_instant: at,
      page_key: tie,
    });
  }
  const { entities, raw } = await found.getRawAndEntities<{ page_instant: string; page_key: string }>();
  const places = raw.map((row) => [row.page_instant, row.page_key]);
  return pageOf(
    entities,
    limit,
    (row) => row,
    (last) => places[entities.indexOf(last)] ?? [],
  );
}
