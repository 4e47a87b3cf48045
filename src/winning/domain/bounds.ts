/** What a learned rate may never leave, in whole bp a month. */
export interface RateBounds {
  readonly floorBp: number;
  readonly ceilingBp: number;
}

export interface BoundInputs {
  readonly breakEvenBp: number;
  readonly minimumMarginBp: number;
  /** The policy's rate, and how far from it the mandate lets the cell go. */
  readonly referenceBp: number;
  readonly railBelowBp: number;
  readonly railAboveBp: number;
  /** The lowest of the policy's and the law's ceilings. */
  readonly ceilingBp: number;
}

/** undefined when there is no rate between floor and ceiling: the policy's own is bid then. */
export function boundsOf(inputs: BoundInputs): RateBounds | undefined {
  const floorBp = Math.max(
    inputs.referenceBp - inputs.railBelowBp,
    inputs.breakEvenBp + inputs.minimumMarginBp,
  );
  const ceilingBp = Math.min(inputs.referenceBp + inputs.railAboveBp, inputs.ceilingBp);
  return floorBp <= ceilingBp ? { floorBp, ceilingBp } : undefined;
}

export function clamp(rateBp: number, { floorBp, ceilingBp }: RateBounds): number {
  return Math.min(ceilingBp, Math.max(floorBp, rateBp));
}

/** A day's step from the last version's rate towards the wanted one. */
export function withinSpeed(wantedBp: number, lastBp: number, speedLimitBp: number): number {
  return clamp(wantedBp, { floorBp: lastBp - speedLimitBp, ceilingBp: lastBp + speedLimitBp });
}

/**
 * Rates along an axis that the committee declared to fall or rise: neighbours that break it share their weighted mean (pool
 * adjacent violators), rounded to whole bp.
 */
export function monotone(
  rates: readonly number[],
  weights: readonly number[],
  direction: 'rising' | 'falling',
): readonly number[] {
  const sign = direction === 'rising' ? 1 : -1;
  const pools: { sum: number; weight: number; count: number }[] = [];
  rates.forEach((rate, at) => {
    const weight = weights[at] ?? 1;
    let pool = { sum: sign * rate * weight, weight, count: 1 };
    for (;;) {
      const before = pools.at(-1);
      if (before === undefined || before.sum / before.weight <= pool.sum / pool.weight) break;
      pools.pop();
      pool = {
        sum: before.sum + pool.sum,
        weight: before.weight + pool.weight,
        count: before.count + pool.count,
      };
    }
    pools.push(pool);
  });
  return pools.flatMap(({ sum, weight, count }) =>
    Array.from({ length: count }, () => sign * Math.round(sum / weight)),
  );
}
