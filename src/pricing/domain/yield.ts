import type { Decimal } from '../../kernel';
import type { DueDate } from './due-dates';
import {
  divide,
  fixedOf,
  fixedRatio,
  multiply,
  ONE,
  power,
  root,
  roundFixed,
  type Fixed,
} from './fixed-point';
import { compoundYear } from './rates';
import { decimalOf, unitsOf, type Cents } from './scaled';

/** CET and yields count years of 365 days, whatever the contract's interest base. */
const DAYS_IN_YEAR = 365;
const CET_DECIMALS = 4;
const CET_UNIT = 10n ** BigInt(CET_DECIMALS);
const EXACT_DECIMALS = 10;
const EXACT_UNIT = 10n ** BigInt(EXACT_DECIMALS);

/** Above 1000% a month a rate says nothing and its digits are noise. */
const LOWEST_DISCOUNT: Fixed = divide(ONE, root(power(fixedOf(11), 12), DAYS_IN_YEAR));

/** The step below which Newton's next one is under a unit of the scale: it squares the error, times 2^13 at most. */
const LAST_STEP: Fixed = 1n << 50n;

/** The internal rate of a cash flow, in QI's two ways of printing it. */
export interface EffectiveRate {
  /** A month, 4 decimals. */
  readonly monthly: Decimal;
  /** A month, 10 decimals. */
  readonly monthlyExact: Decimal;
  /** A year, compounded from the rounded monthly rate: what QI's simulations print. */
  readonly annual: Decimal;
  /** A year, from the exact rate: what QI's issued contracts print. */
  readonly annualExact: Decimal;
}

/**
 * The rate at which `amounts`, paid on `dates`, are worth `price` on the day of disbursement.
 * Undefined when it is above 1000% a month. `start` is a daily discount to begin the search at (any does).
 */
export function effectiveRate(
  price: Cents,
  amounts: readonly Cents[],
  dates: readonly DueDate[],
  start: Fixed,
): EffectiveRate | undefined {
  const discount = dailyDiscount(price, amounts, dates, start);
  if (discount === undefined) return undefined;
  const annualGrowth = power(divide(ONE, discount), DAYS_IN_YEAR);
  const exact = monthlyRate(annualGrowth);
  const monthly = decimalOf(roundFixed(exact * CET_UNIT), CET_DECIMALS);
  return {
    monthly,
    monthlyExact: decimalOf(roundFixed(exact * EXACT_UNIT), EXACT_DECIMALS),
    annual: decimalOf(compoundYear(monthly, EXACT_DECIMALS), EXACT_DECIMALS),
    annualExact: decimalOf(roundFixed((annualGrowth - ONE) * EXACT_UNIT), EXACT_DECIMALS),
  };
}

/** The monthly rate that twelve times compounded gives `annualGrowth`, which may be below one. */
function monthlyRate(annualGrowth: Fixed): Fixed {
  return annualGrowth >= ONE
    ? root(annualGrowth, 12) - ONE
    : divide(ONE, root(divide(ONE, annualGrowth), 12)) - ONE;
}

/**
 * Newton's method on the present value, which rises with the discount and is convex:
 * from the first step on it comes down to the solution from above.
 */
function dailyDiscount(
  price: Cents,
  amounts: readonly Cents[],
  dates: readonly DueDate[],
  start: Fixed,
): Fixed | undefined {
  const target = fixedOf(price);
  let discount = start;
  for (;;) {
    const { value, slope } = presentValue(amounts, dates, discount);
    const step = multiply(discount, fixedRatio(value - target, slope));
    discount -= step;
    if (discount < LOWEST_DISCOUNT) return undefined;
    if (step < LAST_STEP && step > -LAST_STEP) return discount;
  }
}

/** The discount of one day at a monthly rate, twelve of which make a year of 365 days. */
export function dailyDiscountOf(monthlyRate: Decimal): Fixed {
  const places = monthlyRate.decimalPlaces();
  const unit = 10n ** BigInt(places);
  const growth = fixedRatio(unit + unitsOf(monthlyRate, places), unit);
  return divide(ONE, root(power(growth, 12), DAYS_IN_YEAR));
}

/** Present value of the flow at a daily discount, and its derivative by the discount's logarithm. */
export function presentValue(
  amounts: readonly Cents[],
  dates: readonly DueDate[],
  discount: Fixed,
): { value: Fixed; slope: Fixed } {
  const powers = new Map<number, Fixed>();
  let value = 0n;
  let slope = 0n;
  for (let index = amounts.length - 1; index >= 0; index -= 1) {
    const gap = dates[index]?.gap ?? 0;
    let step = powers.get(gap);
    if (step === undefined) {
      step = power(discount, gap);
      powers.set(gap, step);
    }
    const later = value + fixedOf(amounts[index] ?? 0n);
    value = multiply(later, step);
    slope = multiply(slope, step) + BigInt(gap) * value;
  }
  return { value, slope };
}
