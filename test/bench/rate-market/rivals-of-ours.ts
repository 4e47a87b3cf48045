import type { RateMarket } from '../../../sandbox/rate-market';
import { play, shareOf, type Bidder, type PlayedBid, type Score, type Season } from './season';

/** What else one could do: a mark-up, or people who move a table each week. Both are given the best setting with hindsight. */

export const MARKUPS_BP = [15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90];
export const WIN_SHARES = [0.2, 0.3, 0.4, 0.5, 0.6];

export function constantBidder({ cells }: RateMarket, overBp: number): Bidder {
  return { rate: ({ cell }) => (cells[cell]?.breakEvenBp ?? 0) + overBp };
}

/** Each week the nine groups of employer and tenure move 5 or 10 bp towards a share of auctions won. */
export class WeeklyBidder implements Bidder {
  readonly #over = Array.from({ length: 9 }, () => 50);
  #seen = Array.from({ length: 9 }, () => ({ bids: 0, won: 0 }));

  constructor(
    readonly market: RateMarket,
    readonly share: number,
  ) {}

  rate({ cell }: { cell: number }): number {
    return (this.market.cells[cell]?.breakEvenBp ?? 0) + (this.#over[Math.floor(cell / 9)] ?? 0);
  }

  bidEnded({ request, end }: PlayedBid): void {
    const seen = this.#seen[Math.floor(request.cell / 9)];
    if (seen === undefined) return;
    seen.bids += 1;
    seen.won += end.won ? 1 : 0;
  }

  dayEnded(day: number): void {
    if ((day + 1) % 7 !== 0) return;
    this.#seen.forEach(({ bids, won }, group) => {
      if (bids === 0) return;
      const off = won / bids - this.share;
      const move = Math.abs(off) > 0.15 ? 10 : Math.abs(off) > 0.05 ? 5 : 0;
      this.#over[group] = Math.max(5, (this.#over[group] ?? 0) + Math.sign(off) * move);
    });
    this.#seen = Array.from({ length: 9 }, () => ({ bids: 0, won: 0 }));
  }
}

/** The best of some bidders by their whole season. */
export function bestInHindsight(season: Season, bidders: readonly Bidder[], until: number): Score {
  const scores = bidders.map((bidder) => play(season, bidder));
  return scores.reduce((best, score) => (shareOf(score, 0, until) > shareOf(best, 0, until) ? score : best));
}
