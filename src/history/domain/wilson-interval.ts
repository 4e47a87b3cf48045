/** A share as a fraction, and where its true value lies with 95 % confidence. */
export interface Interval {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

const Z_95 = 1.959964;

/**
 * Wilson's score interval of `hits` out of `trials`: unlike the textbook one it stays within 0 and 1 and says something
 * sensible of three trials. Statistics about counts, not money: binary floats are good enough.
 *
 * @returns undefined without any trial
 */
export function wilsonInterval(hits: number, trials: number): Interval | undefined {
  if (trials <= 0) return undefined;
  const share = hits / trials;
  const square = Z_95 * Z_95;
  const scale = 1 + square / trials;
  const centre = (share + square / (2 * trials)) / scale;
  const spread = (Z_95 / scale) * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials * trials));
  return { share, low: Math.max(0, centre - spread), high: Math.min(1, centre + spread) };
}
