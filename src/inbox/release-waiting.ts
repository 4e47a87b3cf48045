import type { EntityManager } from 'typeorm';

/**
 * Wakes the events that wait for `correlationKey`, in the same transaction that brought what they waited for.
 * (One that starts to wait at this very moment is missed here and found by its own periodic retry.)
 * @returns how many there were.
 */
export async function releaseWaiting(tx: EntityManager, correlationKey: string): Promise<number> {
  const [, released] = await tx.query<[unknown, number]>(
    `UPDATE webhook_event SET status = 'new', correlation_key = NULL, not_before = NULL
     WHERE correlation_key = $1 AND status = 'waiting'`,
    [correlationKey],
  );
  return released;
}
