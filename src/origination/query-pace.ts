import type { EntityManager } from 'typeorm';

/**
 * Takes the next place in the row of balance queries of a product: lenders have quotas a second, whatever number of
 * processes they run. One that comes when nothing waits may leave at once.
 * @returns the instant before which the query must not be sent
 */
export async function nextQueryPlace(
  tx: EntityManager,
  product: string,
  perSecond: number,
  now: Date,
): Promise<Date> {
  const [row] = await tx.query<{ at: Date }[]>(
    `INSERT INTO query_pace AS pace (product, next_at) VALUES ($1, $2::timestamptz + $3 * interval '1 second')
     ON CONFLICT (product) DO UPDATE
     SET next_at = greatest(pace.next_at, $2::timestamptz) + $3 * interval '1 second'
     RETURNING next_at - $3 * interval '1 second' AS at`,
    [product, now, 1 / perSecond],
  );
  return row?.at ?? now;
}
