import { drawArm, withinBounds, type Arm, type Exploration, type Propensities } from './exploration';

/** The learned rates of one cell. */
export interface TableCell {
  /** By amount step, whole bp a month; null where no rate is worth bidding. */
  readonly ratesBp: readonly (number | null)[];
  /** Amounts in whole reais at which the next step begins: one less than there are rates. */
  readonly stepsFrom: readonly number[];
  readonly floorBp: number;
  readonly ceilingBp: number;
  readonly exploration: Exploration;
  /** Amount steps whose rate lay at the ceiling until that was raised, and has gone up each night since; undefined: none. */
  readonly climbing?: readonly number[];
}

export type RateTable = readonly TableCell[];

/** A rate drawn from the table, and all that the draw depended on. */
export interface LearnedRate {
  readonly rateBp: number;
  readonly centreBp: number;
  readonly arm: Arm;
  readonly stepBp: number;
  readonly propensities: Propensities;
}

export type LearnedRateResult =
  | ({ readonly kind: 'rate' } & LearnedRate)
  | { readonly kind: 'no_bid'; readonly reason: 'MODEL_NO_MARGIN' }
  | { readonly kind: 'fallback'; readonly reason: 'CELL_UNKNOWN' };

/**
 * The rate of a request: its cell, its amount's step, and the arm that its auction's key draws. The same inputs give the same rate.
 * @param amount in reais
 */
export function learnedRate(
  table: RateTable,
  seed: string,
  cell: number,
  amount: number,
  auctionKey: string,
): LearnedRateResult {
  const found = table[cell];
  if (found === undefined) return { kind: 'fallback', reason: 'CELL_UNKNOWN' };
  const centreBp = found.ratesBp[amountStep(found.stepsFrom, amount)];
  if (centreBp === undefined) return { kind: 'fallback', reason: 'CELL_UNKNOWN' };
  if (centreBp === null) return { kind: 'no_bid', reason: 'MODEL_NO_MARGIN' };
  const { exploration, floorBp, ceilingBp } = found;
  const propensities = withinBounds(exploration, centreBp, floorBp, ceilingBp);
  const arm = drawArm(seed, auctionKey, propensities);
  return {
    kind: 'rate',
    rateBp: centreBp + arm * exploration.stepBp,
    centreBp,
    arm,
    stepBp: exploration.stepBp,
    propensities,
  };
}

export function amountStep(stepsFrom: readonly number[], amount: number): number {
  const at = stepsFrom.findIndex((from) => amount < from);
  return at === -1 ? stepsFrom.length : at;
}
