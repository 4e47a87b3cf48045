import { addOuter, addTimes, cholesky, inverse, solve, type SparseVector } from './symmetric-matrix';

/** What is believed of a model's coefficients: a normal distribution. The covariance is whole, row by row. */
export interface Belief {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** What was seen, as a function of the coefficients. */
export interface Likelihood {
  /** Its logarithm. */
  value(mean: Float64Array): number;
  /** Gives each observation's derivative by the coefficients, its score along it, and the information it holds. */
  observations(mean: Float64Array, add: (by: SparseVector, score: number, information: number) => void): void;
}

export type BeliefUpdate =
  | { readonly kind: 'updated'; readonly belief: Belief; readonly steps: number }
  | { readonly kind: 'refused'; readonly reason: 'NOT_CONVERGED' | 'NOT_POSITIVE_DEFINITE' };

const MOST_STEPS = 200;
/** Gain in log posterior that a step must promise. */
const CONVERGED = 1e-5;
const SHORTEST_STEP = 1e-4;

/** Independent coefficients. */
export function independent(mean: Float64Array, deviation: Float64Array): Belief {
  const size = mean.length;
  const covariance = new Float64Array(size * size);
  for (let i = 0; i < size; i++) covariance[i * size + i] = (deviation[i] ?? 0) ** 2;
  return { mean: Float64Array.from(mean), covariance };
}

/** Time passes: each coefficient may have moved by its own deviation. */
export function drifted({ mean, covariance }: Belief, deviation: (place: number) => number): Belief {
  const moved = Float64Array.from(covariance);
  for (let i = 0; i < mean.length; i++) {
    const at = i * mean.length + i;
    moved[at] = (moved[at] ?? 0) + deviation(i) ** 2;
  }
  return { mean, covariance: moved };
}

/** The most likely coefficients after what was seen, by Fisher's scoring, and how sure they are (Laplace's approximation). */
export function updated(prior: Belief, seen: Likelihood): BeliefUpdate {
  const size = prior.mean.length;
  const factor = cholesky(prior.covariance, size);
  if (factor === undefined) return { kind: 'refused', reason: 'NOT_POSITIVE_DEFINITE' };
  const posterior = new Posterior(prior.mean, inverse(factor, size), seen);
  let at = posterior.at(Float64Array.from(prior.mean));
  for (let steps = 1; steps <= MOST_STEPS; steps++) {
    const { gradient, information } = posterior.expand(at.mean);
    const lower = cholesky(information, size);
    if (lower === undefined) return { kind: 'refused', reason: 'NOT_POSITIVE_DEFINITE' };
    const step = solve(lower, size, gradient);
    const gain = dot(step, gradient);
    const next = gain < CONVERGED ? undefined : posterior.climb(at, step, gain);
    if (next === undefined) {
      return { kind: 'updated', belief: { mean: at.mean, covariance: inverse(lower, size) }, steps };
    }
    at = next;
  }
  return { kind: 'refused', reason: 'NOT_CONVERGED' };
}

interface Place {
  readonly mean: Float64Array;
  readonly value: number;
}

class Posterior {
  constructor(
    readonly prior: Float64Array,
    readonly precision: Float64Array,
    readonly seen: Likelihood,
  ) {}

  at(mean: Float64Array): Place {
    const away = minus(mean, this.prior);
    return { mean, value: this.seen.value(mean) - dot(away, times(this.precision, away)) / 2 };
  }

  expand(mean: Float64Array): { gradient: Float64Array; information: Float64Array } {
    const gradient = times(this.precision, minus(this.prior, mean));
    const information = Float64Array.from(this.precision);
    this.seen.observations(mean, (by, score, weight) => {
      addTimes(gradient, by, score);
      addOuter(information, mean.length, by, weight);
    });
    return { gradient, information };
  }

  /**
   * The best of a step whose gain is promised to be `gain`: the whole of it, or as far as the parabola through both ends has its
   * top, halved until it gains; undefined when it never does.
   */
  climb(from: Place, step: Float64Array, gain: number): Place | undefined {
    const along = (part: number): Place => this.at(from.mean.map((each, i) => each + part * (step[i] ?? 0)));
    const whole = along(1);
    const top = gain / (2 * (gain - (whole.value - from.value)));
    let best = whole;
    for (let part = Math.min(1, top); part > SHORTEST_STEP; part /= 2) {
      const next = part === 1 ? whole : along(part);
      if (next.value > best.value) best = next;
      if (best.value > from.value) return best;
    }
    return undefined;
  }
}

function minus(left: Float64Array, right: Float64Array): Float64Array {
  return left.map((each, i) => each - (right[i] ?? 0));
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, row) => {
    let sum = 0;
    for (let column = 0; column < size; column++) {
      sum += (matrix[row * size + column] ?? 0) * (vector[column] ?? 0);
    }
    return sum;
  });
}

function dot(left: Float64Array, right: Float64Array): number {
  return left.reduce((sum, each, i) => sum + each * (right[i] ?? 0), 0);
}
