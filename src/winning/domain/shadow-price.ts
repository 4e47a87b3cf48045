/** The price of a day's scarce money: reais of margin asked of each real won. */

const HALVINGS = 16;

/**
 * The price at which the predicted spend meets the cap; 0 when the cap does not bind.
 * @param spendAt predicted reais won a day at a price: must fall as the price rises
 * @param mostPrice beyond which no loan is worth anything
 */
export function shadowPrice(
  capPerDay: number,
  spendAt: (price: number) => number,
  mostPrice: number,
): number {
  if (spendAt(0) <= capPerDay) return 0;
  let [low, high] = [0, mostPrice];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (spendAt(middle) > capPerDay) low = middle;
    else high = middle;
  }
  return high;
}

/** Reais that a day's requests of an amount are expected to win: lent from the day's funds until they are given back. */
export interface AmountSpend {
  readonly amount: number;
  readonly lent: number;
}

/** What is won of requests that a sum of money is enough for. */
export function spendWithin(spend: readonly AmountSpend[], largest = Infinity): number {
  return spend.reduce((sum, { amount, lent }) => (amount <= largest ? sum + lent : sum), 0);
}

/**
 * Which of the prices that a version holds tables for is asked now: the lowest whose expected spend of the rest of the day fits
 * what is left of the cap. Loans larger than that are out of the question, and leave room for smaller ones.
 * @param spendByStep of a whole day at each price, falling
 */
export function paceStep(
  left: number,
  restOfDay: number,
  spendByStep: readonly (readonly AmountSpend[])[],
): number {
  const at = spendByStep.findIndex((spend) => spendWithin(spend, left) * restOfDay <= left);
  return at === -1 ? Math.max(0, spendByStep.length - 1) : at;
}
