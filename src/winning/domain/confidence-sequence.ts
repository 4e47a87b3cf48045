/** A mean with an interval that holds at all times together: it may be looked at daily (Waudby-Smith et al., asymptotic). */
export interface AnytimeInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * It rests on the deviation of the values, of which a few say nearly nothing: looked at from the second day on it misses the mean
 * in one life of five, from the tenth on in one of twenty, as it promises.
 */
const LEAST_VALUES = 10;

/**
 * @param values one for each day or request, independent
 * @param alpha how often the interval may ever miss the mean
 * @param sharpestAt the number of values at which it is narrowest
 * @returns undefined with fewer than `LEAST_VALUES`
 */
export function confidenceSequence(
  values: readonly number[],
  alpha = 0.05,
  sharpestAt = 60,
): AnytimeInterval | undefined {
  const n = values.length;
  if (n < LEAST_VALUES) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const rho2 = (-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / sharpestAt;
  const spread = n * rho2 + 1;
  const half = Math.sqrt((variance * 2 * spread * Math.log(Math.sqrt(spread) / alpha)) / (n * n * rho2));
  return { mean, low: mean - half, high: mean + half };
}
