/**
 * Exact scaled integers for the arithmetic inside a quote.
 *
 * A `Fixed` is a bigint counting units of 2^-120 (about 7.5e-37). Values below 256 fit two machine words, so a
 * product costs some 50 ns where a decimal.js power costs hundreds of microseconds. Errors stay below 1e-20 cents
 * for every loan the parser admits (one billion reais, 480 instalments); rounding to cents is defined on the value
 * rounded to 2^-64 first, so that a true tie is a tie whatever the last bits say.
 */
export type Fixed = bigint;

const BITS = 120n;
const GUARD_BITS = 64n;
const HALF_UNIT = 1n << (BITS - 1n);

export const ONE: Fixed = 1n << BITS;

export function fixedOf(integer: number | bigint): Fixed {
  return BigInt(integer) << BITS;
}

export function fixedRatio(numerator: bigint, denominator: bigint): Fixed {
  return divideRounded(numerator << BITS, denominator);
}

export function multiply(a: Fixed, b: Fixed): Fixed {
  return (a * b + HALF_UNIT) >> BITS;
}

export function divide(a: Fixed, b: Fixed): Fixed {
  return divideRounded(a << BITS, b);
}

/** `base` to a whole exponent of zero or more, by squaring. */
export function power(base: Fixed, exponent: number): Fixed {
  let result = ONE;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, square);
    if (rest > 1) square = multiply(square, square);
  }
  return result;
}

/**
 * The `degree`-th root of a value above zero, by Newton's method from above: from an estimate that is not below the root
 * the steps fall until they stop.
 */
export function root(value: Fixed, degree: number): Fixed {
  const n = BigInt(degree);
  let estimate = notBelowRoot(value, n);
  for (;;) {
    const lower = power(estimate, degree - 1);
    const step = (estimate - divide(value, lower)) / n;
    if (step <= 0n) return estimate;
    estimate -= step;
  }
}

/**
 * 1 + (value - 1) / n is never below the nth root (Bernoulli), but far above it for a large value, where each step takes off
 * an nth part only. There 1 + y + y^2 is near, for any y of 0 to 1 with e^y above the root: ln 2 is below 0.7.
 */
function notBelowRoot(value: Fixed, n: bigint): Fixed {
  const bernoulli = ONE + (value - ONE) / n;
  const powerOfTwoAbove = BigInt(value.toString(2).length) - BITS;
  const y = fixedRatio(7n * powerOfTwoAbove, 10n * n);
  if (y < 0n || y > ONE) return bernoulli;
  const exponential = ONE + y + multiply(y, y);
  return exponential < bernoulli ? exponential : bernoulli;
}

/** Nearest whole number, halves away from zero. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const half = denominator / 2n;
  return numerator >= 0n ? (numerator + half) / denominator : -((-numerator + half) / denominator);
}

/** Nearest whole number, halves away from zero; what lies within 2^-65 of a half counts as the half. */
export function roundFixed(value: Fixed): bigint {
  if (value < 0n) return -roundFixed(-value);
  const guarded = (value + (1n << (BITS - GUARD_BITS - 1n))) >> (BITS - GUARD_BITS);
  return (guarded + (1n << (GUARD_BITS - 1n))) >> GUARD_BITS;
}

/** numerator / denominator to the nearest whole number, ties as in `roundFixed`. */
export function roundRatio(numerator: bigint, denominator: bigint): bigint {
  return roundFixed(fixedRatio(numerator, denominator));
}
