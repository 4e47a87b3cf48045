import { assert, Decimal, isWholeCents } from '../../kernel';

/** Amounts inside the quote are whole cents. */
export type Cents = bigint;

/** Decimal places of schedule figures. */
export const SCHEDULE_DECIMALS = 10;

/** The whole number of 10^-decimals units in a value that has no more decimals than that. */
export function unitsOf(value: Decimal, decimals: number): bigint {
  assert(value.decimalPlaces() <= decimals, 'a value has more decimals than its unit');
  const [whole = '', fraction = ''] = value.toFixed().split('.');
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}

export function centsOf(amount: Decimal): Cents {
  return unitsOf(amount, 2);
}

/** The whole cents not above a limit: an amount in cents is at most the one when it is at most the other. */
export function centsDown(limit: Decimal): Cents {
  return centsOf(isWholeCents(limit) ? limit : limit.toDecimalPlaces(2, Decimal.ROUND_FLOOR));
}

/** The whole cents not below a limit. */
export function centsUp(limit: Decimal): Cents {
  return centsOf(limit.toDecimalPlaces(2, Decimal.ROUND_CEIL));
}

/** The exact decimal of a whole number of 10^-decimals units. */
export function decimalOf(units: bigint, decimals: number): Decimal {
  return new Decimal(textOf(units, decimals));
}

export function reaisOf(cents: Cents): Decimal {
  return decimalOf(cents, 2);
}

/** Plain decimal text with exactly `decimals` places. */
export function textOf(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  return `${units < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}
