import type { Season } from './season';

/**
 * A daily cap of half of what the best bids would lend, and the price of money at which the oracle lends just that: the best that
 * could be done by whoever knows the market and the cap.
 */
export function capOf({ oracle, traffic, perDay }: Season): { perDay: number; lambda: number } {
  const spend = (lambda: number): number =>
    traffic.reduce((sum, { cell, amount }) => {
      const { rateBp, margin } = oracle.best(cell, amount, 0, lambda);
      const lent = oracle.expectedLent(cell, amount, rateBp);
      return margin > lambda * lent ? sum + lent : sum;
    }, 0);
  const whole = spend(0);
  let [low, high] = [0, 0.5];
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    if (spend(middle) > whole / 2) low = middle;
    else high = middle;
  }
  return { perDay: (whole / 2 / traffic.length) * perDay, lambda: high };
}
