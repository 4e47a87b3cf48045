import { HOUR_MS } from '../../kernel';

/**
 * Hours since a balance was received, each that has begun as a whole one: a balance is too old from the very instant on at
 * which an offer made on it ends.
 */
export function balanceAgeHours(receivedAt: Date, now: Date): number {
  return Math.max(0, Math.ceil((now.getTime() - receivedAt.getTime()) / HOUR_MS));
}
