import { createHmac } from 'node:crypto';

/** Rates around a cell's own that are tried: so many steps below and above it. */
export const ARMS = [-2, -1, 0, 1, 2] as const;
export type Arm = (typeof ARMS)[number];

/** Parts of ten thousand by arm, in the order of `ARMS`. They sum to ten thousand. */
export type Propensities = readonly [number, number, number, number, number];

export const WHOLE = 10_000;

/** How widely a cell is explored. */
export interface Exploration {
  readonly stepBp: number;
  readonly propensities: Propensities;
}

/** What people allow exploring to cost and how wide it may be. */
export interface ExplorationLimits {
  /** Widest last. */
  readonly stepsBp: readonly number[];
  /** While a cell is unsure, and once it is not: what is tried then keeps questions about the past answerable. */
  readonly searching: Propensities;
  readonly certain: Propensities;
  /** The part of a rate's own variance that the tried rates may add to it. */
  readonly partOfVariance: number;
  /** The part of the expected margin that exploring one cell may cost. */
  readonly budget: number;
}

export const NO_EXPLORATION: Exploration = { stepBp: 0, propensities: [0, 0, WHOLE, 0, 0] };

/** Mean square of the arms in steps. */
function meanSquare(propensities: Propensities): number {
  return propensities.reduce((sum, share, at) => sum + (share / WHOLE) * (ARMS[at] ?? 0) ** 2, 0);
}

/**
 * The widest step within the budget whose rates scatter no further than a part of what is unknown of the best rate: a cell that
 * is certain is left alone but for the smallest step.
 * @param deviationBp of the best rate
 * @param costAt part of the expected margin that a rate so many bp away loses
 */
export function explorationOf(
  limits: ExplorationLimits,
  deviationBp: number,
  costAt: (distanceBp: number) => number,
): Exploration {
  const cost = (stepBp: number, propensities: Propensities): number =>
    propensities.reduce((sum, share, at) => sum + (share / WHOLE) * costAt(stepBp * (ARMS[at] ?? 0)), 0);
  const room = limits.partOfVariance * deviationBp ** 2;
  for (const stepBp of limits.stepsBp.toReversed()) {
    const { searching } = limits;
    if (stepBp ** 2 * meanSquare(searching) <= room && cost(stepBp, searching) <= limits.budget) {
      return { stepBp, propensities: searching };
    }
  }
  const stepBp = limits.stepsBp[0] ?? 0;
  if (cost(stepBp, limits.certain) > limits.budget) return NO_EXPLORATION;
  return { stepBp, propensities: limits.certain };
}

/** Arms that would leave the bounds give their share to the cell's own rate. */
export function withinBounds(
  { stepBp, propensities }: Exploration,
  rateBp: number,
  floorBp: number,
  ceilingBp: number,
): Propensities {
  const shares = propensities.map((share, at) => {
    const rate = rateBp + stepBp * (ARMS[at] ?? 0);
    return rate < floorBp || rate > ceilingBp ? 0 : share;
  });
  const [lowest = 0, low = 0, , high = 0, highest = 0] = shares;
  return [lowest, low, WHOLE - lowest - low - high - highest, high, highest];
}

/**
 * The arm of an auction: the first 32 bits of HMAC-SHA-256 of its key under the version's seed, modulo ten thousand. It depends on
 * nothing of the borrower, and asking again draws the same.
 */
export function drawArm(seed: string, auctionKey: string, propensities: Propensities): Arm {
  const drawn = createHmac('sha256', seed).update(auctionKey).digest().readUInt32BE(0) % WHOLE;
  let below = 0;
  for (const [at, share] of propensities.entries()) {
    below += share;
    if (drawn < below) return ARMS[at] ?? 0;
  }
  return 0;
}
