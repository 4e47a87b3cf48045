/** The price of a day's scarce money: reais of margin asked of each real lent. */

/** How far one night may move the price by what was spent against the cap. */
const CORRECTION_POWER = 0.15;
const [LEAST_CORRECTION, MOST_CORRECTION] = [0.7, 1.4];
const HALVINGS = 30;

/**
 * The price at which the predicted spend meets the cap; 0 when the cap does not bind.
 * @param spendAt predicted reais lent a day at a price: must fall as the price rises
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

/** What yesterday's spend makes of the cap that tonight's price aims at: predictions may be off. */
export function correctedAim(aim: number, capPerDay: number, spent: number): number {
  const factor = spent > 0 ? (capPerDay / spent) ** CORRECTION_POWER : MOST_CORRECTION;
  const aimed = aim * Math.min(MOST_CORRECTION, Math.max(LEAST_CORRECTION, factor));
  return Math.min(2 * capPerDay, Math.max(capPerDay / 2, aimed));
}

/**
 * Which of the prices that a version holds tables for is asked now: the lowest whose expected spend of the rest of the day fits
 * what is left of the cap.
 * @param spendByStep predicted reais lent in a whole day at each price, falling
 * @returns undefined when nothing is left
 */
export function paceStep(
  left: number,
  restOfDay: number,
  spendByStep: readonly number[],
): number | undefined {
  if (left <= 0) return undefined;
  const at = spendByStep.findIndex((spend) => spend * restOfDay <= left);
  return at === -1 ? spendByStep.length - 1 : at;
}
