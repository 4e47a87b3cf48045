import type { MarketRequest } from '../../../sandbox/rate-market';
import { paceStep, type AmountSpend } from '../../../src/winning/domain';
import type { Bidder, PlayedBid, Season } from './season';

/**
 * A daily cap of half of what the best bids would win, and the price of money at which the oracle wins just that on average. It
 * may pass the cap on some days and stay under it on others: nobody who keeps it each day can do as well.
 */
export function capOf({ oracle, traffic, perDay }: Season): { perDay: number; lambda: number } {
  const spend = (lambda: number): number =>
    traffic.reduce((sum, { cell, amount }) => {
      const { rateBp, margin } = oracle.best(cell, amount, 0, lambda);
      const won = oracle.expectedWon(cell, amount, rateBp);
      return margin > lambda * won ? sum + won : sum;
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

const PRICE_STEPS = [0, 0.4, 0.6, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3];
const SAMPLE = 5_000;

/** Knows the market and keeps the cap of every day, with the prices that pace it through the day. */
export class PacedOracle implements Bidder {
  readonly #prices: readonly number[];
  readonly #spend: readonly (readonly AmountSpend[])[];
  #spent = 0;

  constructor(
    readonly season: Season,
    readonly cap: { readonly perDay: number; readonly lambda: number },
  ) {
    this.#prices = PRICE_STEPS.map((step) => step * cap.lambda);
    const sample = season.traffic.slice(0, SAMPLE);
    const days = sample.length / season.perDay;
    this.#spend = this.#prices.map((price) => {
      const bySize = new Map<number, number>();
      for (const request of sample) {
        const size = Math.ceil(request.amount / 500) * 500;
        bySize.set(size, (bySize.get(size) ?? 0) + this.#bid(request, price).lent / days);
      }
      return [...bySize].map(([amount, lent]) => ({ amount, lent }));
    });
  }

  rate(request: MarketRequest): number | undefined {
    const { perDay } = this.season;
    const left = this.cap.perDay - this.#spent;
    if (left < request.amount) return undefined;
    const step = paceStep(left, 1 - (request.number % perDay) / perDay, this.#spend);
    return this.#bid(request, this.#prices[step] ?? 0).rateBp;
  }

  bidEnded({ request, end }: PlayedBid): void {
    if (end.won) this.#spent += request.amount;
  }

  dayEnded(): void {
    this.#spent = 0;
  }

  #bid({ cell, amount }: MarketRequest, price: number): { rateBp: number | undefined; lent: number } {
    const { oracle } = this.season;
    const { rateBp, margin } = oracle.best(cell, amount, 0, price);
    const lent = oracle.expectedWon(cell, amount, rateBp);
    return margin > price * lent ? { rateBp, lent } : { rateBp: undefined, lent: 0 };
  }
}
