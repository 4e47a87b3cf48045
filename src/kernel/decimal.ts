import { Decimal as DecimalJs } from 'decimal.js';

/**
 * The one decimal type of the product: 34 significant digits (as IEEE 754 decimal128), half-up rounding.
 * Constructing a value never rounds; only operations do. Amounts are in reais, rates are fractions (0.02 is 2%).
 */
export const Decimal = DecimalJs.clone({
  precision: 34,
  rounding: DecimalJs.ROUND_HALF_UP,
  toExpNeg: -60,
  toExpPos: 60,
  defaults: true,
});
export type Decimal = DecimalJs;

export const CENT = new Decimal('0.01');

/** Rounds to whole cents, half up: the rounding of every printed amount in QI's simulations. */
export function toCents(amount: Decimal): Decimal {
  return amount.toDecimalPlaces(2, DecimalJs.ROUND_HALF_UP);
}

/** True when the amount is a whole number of cents. */
export function isWholeCents(amount: Decimal): boolean {
  return amount.isFinite() && amount.decimalPlaces() <= 2;
}

const DECIMAL_TEXT = /^-?\d{1,24}(\.\d{1,24})?$/;

/** Reads a plain decimal ("-12.34"); undefined for anything else, including exponents, blanks and NaN. */
export function parseDecimal(text: string): Decimal | undefined {
  return DECIMAL_TEXT.test(text) ? new Decimal(text) : undefined;
}

const REAIS_TEXT = /^-?\d+(\.\d{1,2})?$/;

/**
 * Reads an amount as a program writes it, with two decimals at most. "3.000" is three thousand to whoever writes as Brazilians do:
 * what has three digits after a point is undefined, whichever of the two was meant.
 */
export function parseReais(text: string): Decimal | undefined {
  return REAIS_TEXT.test(text) ? parseDecimal(text) : undefined;
}

/**
 * As `a.cmp(b)` for finite decimals, without the copy of `b` that it makes. The words of digits are aligned to the
 * decimal point, so numbers of one sign and exponent compare word by word.
 */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const aSign = a.d[0] === 0 ? 0 : a.s;
  const bSign = b.d[0] === 0 ? 0 : b.s;
  if (aSign !== bSign || aSign === 0) return aSign - bSign;
  if (a.e !== b.e) return a.e > b.e ? aSign : -aSign;
  const words = Math.max(a.d.length, b.d.length);
  for (let at = 0; at < words; at += 1) {
    const difference = (a.d[at] ?? 0) - (b.d[at] ?? 0);
    if (difference !== 0) return difference > 0 ? aSign : -aSign;
  }
  return 0;
}
