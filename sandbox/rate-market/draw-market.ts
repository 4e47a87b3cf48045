import { Random } from '../random';
import { breakEvenBp, expectedLossRate } from './economics';
import { BANDS, CELLS, bandsOf, type MarketCell, type MarketRival, type RateMarket } from './market';
import { normal, uniform } from './variates';

/** What makes one family of markets unlike another. */
export interface MarketParameters {
  readonly rivals: { readonly min: number; readonly max: number };
  /** The rivals' mean rate, and how much of a cell's break-even they pass on. */
  readonly centreBp: number;
  readonly passThrough: number;
  /** How far segments differ for all rivals alike, and for each of them. */
  readonly commonSpread: number;
  readonly ownSpread: number;
  readonly scaleBp: { readonly min: number; readonly max: number };
  readonly entry: { readonly min: number; readonly max: number };
  readonly acceptance: { readonly level: number; readonly slope: number; readonly anchorBp: number };
  readonly paidShares: readonly [number, number, number];
}

const VARIED: MarketParameters = {
  rivals: { min: 5, max: 12 },
  centreBp: 288,
  passThrough: 0.75,
  commonSpread: 2,
  ownSpread: 1,
  scaleBp: { min: 16, max: 30 },
  entry: { min: 0.2, max: 0.6 },
  acceptance: { level: -0.3, slope: 0.016, anchorBp: 110 },
  paidShares: [0.86, 0.8, 0.7],
};

/** Families to prove a learner on. The learner's first beliefs were set with the first three in sight; `thin` is for looking. */
export const MARKET_FAMILIES = {
  /** Rivals differ from us by segment. */
  varied: VARIED,
  /** Rivals follow our own costs. */
  mild: { ...VARIED, passThrough: 1, commonSpread: 0.5 },
  /** Fewer rivals, more apart; borrowers who mind the rate less. */
  held_back: {
    ...VARIED,
    rivals: { min: 3, max: 9 },
    centreBp: 302,
    passThrough: 0.9,
    commonSpread: 0.8,
    ownSpread: 1.3,
    scaleBp: { min: 10, max: 40 },
    entry: { min: 0.1, max: 0.7 },
    acceptance: { level: 0, slope: 0.011, anchorBp: 100 },
    paidShares: [0.9, 0.75, 0.6],
  },
  /** Few rivals, and they come seldom: where one bids high, and learns slowly. */
  thin: { ...VARIED, rivals: { min: 2, max: 5 }, entry: { min: 0.15, max: 0.4 }, centreBp: 275 },
} as const satisfies Record<string, MarketParameters>;

export type MarketFamily = keyof typeof MARKET_FAMILIES;

/** Of each axis, how often its bands are asked for. */
export const SHARES = {
  employer: [0.3, 0.4, 0.3],
  tenure: [0.25, 0.4, 0.35],
  term: [0.25, 0.4, 0.35],
  amount: [0.35, 0.4, 0.25],
} as const;
const TERMS = [12, 24, 36];
const AMOUNTS = [1_900, 5_200, 13_000];
export const AMOUNT_SPREAD = { mean: -0.045, deviation: 0.3 };
export const QUALITY_LOSS = 0.006;

/** One market of a family. The same seed draws the same market. */
export function drawMarket(family: MarketFamily, seed: number): RateMarket {
  const parameters = MARKET_FAMILIES[family];
  const random = new Random(seed, `rate-market ${family}`);
  const cells = Array.from({ length: CELLS }, (_, cell) => cellOf(cell, parameters.paidShares));
  const common = commonMeans(random, parameters, cells);
  const { min, max } = parameters.rivals;
  return {
    name: `${family} ${seed}`,
    cells,
    rivals: Array.from({ length: random.integer(min, max) }, () => drawRival(random, parameters, common)),
    acceptance: parameters.acceptance,
    amountSpread: AMOUNT_SPREAD,
    qualityLoss: QUALITY_LOSS,
  };
}

function cellOf(cell: number, paidShares: readonly number[]): MarketCell {
  const [employer, tenure, term, amount] = bandsOf(cell);
  const [months, usualAmount] = [TERMS[term] ?? 0, AMOUNTS[amount] ?? 0];
  const lossRate = expectedLossRate(employer, tenure, term);
  const { employer: employers, tenure: tenures, term: terms, amount: amounts } = SHARES;
  return {
    share: (employers[employer] ?? 0) * (tenures[tenure] ?? 0) * (terms[term] ?? 0) * (amounts[amount] ?? 0),
    term: months,
    usualAmount,
    lossRate,
    breakEvenBp: breakEvenBp(months, lossRate, usualAmount),
    paidShare: paidShares[employer] ?? 0,
  };
}

/** Where the rivals stand in each cell before each has its own mind. */
function commonMeans(
  random: Random,
  { centreBp, passThrough, commonSpread }: MarketParameters,
  cells: readonly MarketCell[],
): readonly number[] {
  const mean = cells.reduce((sum, { breakEvenBp: bp }) => sum + bp, 0) / CELLS;
  const [pairs, terms, amounts] = [draws(random, 9, 14), draws(random, BANDS, 6), draws(random, BANDS, 6)];
  return cells.map(({ breakEvenBp: bp }, cell) => {
    const [employer, tenure, term, amount] = bandsOf(cell);
    const apart = (pairs[employer * 3 + tenure] ?? 0) + (terms[term] ?? 0) + (amounts[amount] ?? 0);
    return centreBp + passThrough * (bp - mean) + commonSpread * (apart + normal(random, 3));
  });
}

function drawRival(random: Random, parameters: MarketParameters, common: readonly number[]): MarketRival {
  const { ownSpread, scaleBp, entry } = parameters;
  const own = normal(random, 22.5);
  const [pairs, terms, amounts] = [draws(random, 9, 14), draws(random, BANDS, 9), draws(random, BANDS, 6)];
  const comes = uniform(random, entry.min, entry.max);
  const byPair = Array.from({ length: 9 }, () => uniform(random, 0.8, 1.2));
  return {
    scaleBp: uniform(random, scaleBp.min, scaleBp.max),
    infoBp: uniform(random, 0, 6),
    meanBp: common.map((mean, cell) => {
      const [employer, tenure, term, amount] = bandsOf(cell);
      const apart = (pairs[employer * 3 + tenure] ?? 0) + (terms[term] ?? 0) + (amounts[amount] ?? 0);
      return mean + ownSpread * (own + apart);
    }),
    entry: common.map((_, cell) => {
      const [employer, tenure] = bandsOf(cell);
      const share = comes * ([1.15, 1, 0.7][employer] ?? 1) * (byPair[employer * 3 + tenure] ?? 1);
      return Math.min(0.95, Math.max(0.02, share));
    }),
  };
}

function draws(random: Random, count: number, deviation: number): readonly number[] {
  return Array.from({ length: count }, () => normal(random, deviation));
}
