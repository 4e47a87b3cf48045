import {
  drawTraffic,
  endOf,
  type MarketEnd,
  type MarketRequest,
  type RateMarket,
} from '../../../sandbox/rate-market';
import { Oracle } from './oracle';

/** One market played from its first request to its last. */
export interface Season {
  readonly market: RateMarket;
  readonly oracle: Oracle;
  readonly traffic: readonly MarketRequest[];
  readonly perDay: number;
  /** How far all rivals stand over their usual rates at a request. */
  readonly levelAt: (number: number) => number;
}

export interface PlayedBid {
  readonly request: MarketRequest;
  readonly rateBp: number;
  readonly end: MarketEnd;
  /** True P(win), expected margin and the best that could be expected. */
  readonly winShare: number;
  readonly margin: number;
}

export interface Bidder {
  /** undefined is no bid. */
  rate(request: MarketRequest): number | undefined;
  bidEnded?(bid: PlayedBid): void;
  dayEnded?(day: number): void;
}

/** Running sums of expected margin, ours and the oracle's, after each request. */
export interface Score {
  readonly ours: Float64Array;
  readonly best: Float64Array;
}

export function seasonOf(
  market: RateMarket,
  seed: number,
  requests: number,
  levelAt: Season['levelAt'] = () => 0,
  perDay = 250,
): Season {
  return {
    market,
    oracle: new Oracle(market),
    traffic: drawTraffic(market, seed, requests, perDay),
    perDay,
    levelAt,
  };
}

/** @param lambda the oracle's price of money */
export function play(season: Season, bidder: Bidder, lambda = 0): Score {
  const { market, oracle, traffic, perDay, levelAt } = season;
  const score = { ours: new Float64Array(traffic.length + 1), best: new Float64Array(traffic.length + 1) };
  for (const request of traffic) {
    const { number, cell, amount, day } = request;
    const level = levelAt(number);
    const rateBp = bidder.rate(request);
    const margin = rateBp === undefined ? 0 : oracle.expectedMargin(cell, amount, rateBp, level);
    score.ours[number + 1] = (score.ours[number] ?? 0) + margin;
    score.best[number + 1] = (score.best[number] ?? 0) + bestMargin(oracle, request, level, lambda);
    if (rateBp !== undefined) {
      const end = endOf(market, request, rateBp, level);
      bidder.bidEnded?.({ request, rateBp, end, winShare: oracle.winShare(cell, rateBp, level), margin });
    }
    if ((number + 1) % perDay === 0) bidder.dayEnded?.(day);
  }
  return score;
}

function bestMargin(oracle: Oracle, { cell, amount }: MarketRequest, level: number, lambda: number): number {
  const { margin, rateBp } = oracle.best(cell, amount, level, lambda);
  const price = lambda * oracle.expectedWon(cell, amount, rateBp, level);
  return margin > price ? margin : 0;
}

/** Our part of the oracle's expected margin over some requests, in percent. */
export function shareOf({ ours, best }: Score, from: number, to: number): number {
  return (100 * ((ours[to] ?? 0) - (ours[from] ?? 0))) / ((best[to] ?? 0) - (best[from] ?? 0));
}
