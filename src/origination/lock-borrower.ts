import type { EntityManager } from 'typeorm';

/** Of two who do the same for one person at the same moment the second waits here until the first has committed. */
export async function lockBorrower(
  tx: EntityManager,
  deed: 'query' | 'claim',
  product: string,
  borrowerIndex: Buffer | null,
): Promise<void> {
  const borrower = borrowerIndex?.toString('hex') ?? '';
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`${deed} ${product} ${borrower}`]);
}
