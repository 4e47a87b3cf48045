import type { Random } from '../random';

export function uniform(random: Random, min: number, max: number): number {
  return min + (max - min) * random.next();
}

/** Box and Muller's transform, with mean 0. */
export function normal(random: Random, deviation = 1): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return deviation * radius * Math.cos(2 * Math.PI * random.next());
}

/** A logistic variable around 0. */
export function logisticVariate(random: Random, scale: number): number {
  const u = random.next();
  return scale * Math.log((u + 2 ** -33) / (1 - u));
}
