import { Random } from '../random';
import { acceptProbability, type RateMarket } from './market';
import { logisticVariate, normal } from './variates';

/** One auction of the market with its fate drawn beforehand, so that every bidder meets the same one. */
export interface MarketRequest {
  readonly number: number;
  /** Counted from 0. */
  readonly day: number;
  readonly cell: number;
  readonly amount: number;
  /** The rivals' lowest rates when they stand at their usual level; Infinity where fewer come. */
  readonly lowestBp: number;
  readonly secondBp: number;
  readonly acceptDraw: number;
  readonly paidDraw: number;
}

/** How a bid at a rate ends. */
export interface MarketEnd {
  readonly won: boolean;
  /** 1 is the lowest rate; what is over 3 is said to be 3. */
  readonly rank: 1 | 2 | 3;
  readonly accepted: boolean;
  readonly paid: boolean;
}

/** The traffic of a market, as many requests each day. */
export function drawTraffic(
  market: RateMarket,
  seed: number,
  requests: number,
  perDay: number,
): readonly MarketRequest[] {
  const random = new Random(seed, `rate-market traffic ${market.name}`);
  const shares = runningShares(market);
  return Array.from({ length: requests }, (_, number) => {
    const u = random.next();
    const cell = shares.findIndex((share) => u < share);
    const { mean, deviation } = market.amountSpread;
    const usual = market.cells[cell]?.usualAmount ?? 0;
    const amount = Math.round(usual * Math.exp(mean + normal(random, deviation)) * 100) / 100;
    const quality = normal(random);
    let [lowestBp, secondBp] = [Infinity, Infinity];
    for (const { entry, meanBp, infoBp, scaleBp } of market.rivals) {
      const rate = (meanBp[cell] ?? 0) + infoBp * quality + logisticVariate(random, scaleBp);
      if (!random.chance(entry[cell] ?? 0)) continue;
      if (rate < lowestBp) [lowestBp, secondBp] = [rate, lowestBp];
      else if (rate < secondBp) secondBp = rate;
    }
    const [acceptDraw, paidDraw] = [random.next(), random.next()];
    return {
      number,
      day: Math.floor(number / perDay),
      cell,
      amount,
      lowestBp,
      secondBp,
      acceptDraw,
      paidDraw,
    };
  });
}

export function endOf(market: RateMarket, request: MarketRequest, rateBp: number, levelBp = 0): MarketEnd {
  const cell = market.cells[request.cell];
  if (cell === undefined) throw new RangeError(`no cell ${request.cell}`);
  const won = rateBp < request.lowestBp + levelBp;
  const rank = won ? 1 : rateBp < request.secondBp + levelBp ? 2 : 3;
  const accepted = won && request.acceptDraw < acceptProbability(market, cell, rateBp, levelBp);
  return { won, rank, accepted, paid: accepted && request.paidDraw < cell.paidShare };
}

function runningShares({ cells }: RateMarket): readonly number[] {
  const total = cells.reduce((sum, { share }) => sum + share, 0);
  let sum = 0;
  const running = cells.map(({ share }) => (sum += share) / total);
  running[running.length - 1] = 1;
  return running;
}
