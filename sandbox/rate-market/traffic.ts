import { Random } from '../random';
import { acceptProbability, type MarketCell, type RateMarket } from './market';
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

/** The rates of the rivals who come to an auction, in bp, when they stand at their usual level. */
export function rivalRates(
  market: RateMarket,
  random: Random,
  cell: number,
  quality: number,
): readonly number[] {
  const rates: number[] = [];
  for (const { entry, meanBp, infoBp, scaleBp } of market.rivals) {
    const rate = (meanBp[cell] ?? 0) + infoBp * quality + logisticVariate(random, scaleBp);
    if (random.chance(entry[cell] ?? 0)) rates.push(rate);
  }
  return rates;
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
    const [lowestBp, secondBp] = lowestTwo(rivalRates(market, random, cell, quality));
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
  if (!won) return { won, rank, accepted: false, paid: false };
  return { won, rank, ...fateOf(market, cell, request, rateBp, levelBp) };
}

/** What becomes of an offer that has won. */
export function fateOf(
  market: RateMarket,
  cell: MarketCell,
  { acceptDraw, paidDraw }: Pick<MarketRequest, 'acceptDraw' | 'paidDraw'>,
  rateBp: number,
  levelBp: number,
): Pick<MarketEnd, 'accepted' | 'paid'> {
  const accepted = acceptDraw < acceptProbability(market, cell, rateBp, levelBp);
  return { accepted, paid: accepted && paidDraw < cell.paidShare };
}

function lowestTwo(rates: readonly number[]): readonly [number, number] {
  let [lowest, second] = [Infinity, Infinity];
  for (const rate of rates) {
    if (rate < lowest) [lowest, second] = [rate, lowest];
    else if (rate < second) second = rate;
  }
  return [lowest, second];
}

function runningShares({ cells }: RateMarket): readonly number[] {
  const total = cells.reduce((sum, { share }) => sum + share, 0);
  let sum = 0;
  const running = cells.map(({ share }) => (sum += share) / total);
  running[running.length - 1] = 1;
  return running;
}
