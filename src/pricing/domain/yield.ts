import { itemAt, type Decimal } from '../../kernel';
import type { Curve, Parabola } from './curve';
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
import { sum } from './fees';
import { equalFlow, totalOf, type Flow } from './flow';
import { compoundYear } from './rates';
import { decimalOf, unitsOf, type Cents } from './scaled';

/** CET and yields count years of 365 days, whatever the contract's interest base. */
const DAYS_IN_YEAR = 365;
const CET_DECIMALS = 4;
const CET_UNIT = 10n ** BigInt(CET_DECIMALS);
const EXACT_DECIMALS = 10;
const EXACT_UNIT = 10n ** BigInt(EXACT_DECIMALS);

/** Above 1000% a month a rate says nothing and its digits are noise; below -50% a month nothing either. */
const LOWEST_DISCOUNT: Fixed = divide(ONE, root(power(fixedOf(11), 12), DAYS_IN_YEAR));
const HIGHEST_DISCOUNT: Fixed = root(power(fixedOf(2), 12), DAYS_IN_YEAR);

/** A step below 2^-52 leaves an error below 2^-90: Newton's method squares it, times the days of the loan at most. */
const LAST_STEP: Fixed = ONE >> 52n;

/** The internal rate of a cash flow, in QI's two ways of printing it. Each figure is computed when asked for. */
export class EffectiveRate {
  private knownMonthly: Fixed | undefined;

  constructor(private readonly annualGrowth: Fixed) {}

  /** A month, 4 decimals. */
  get monthly(): Decimal {
    return decimalOf(roundFixed(this.monthlyRate() * CET_UNIT), CET_DECIMALS);
  }
  /** A month, 10 decimals. */
  get monthlyExact(): Decimal {
    return decimalOf(roundFixed(this.monthlyRate() * EXACT_UNIT), EXACT_DECIMALS);
  }
  /** A year, compounded from the rounded monthly rate: what QI's simulations print. */
  get annual(): Decimal {
    return decimalOf(compoundYear(this.monthly, EXACT_DECIMALS), EXACT_DECIMALS);
  }
  /** A year, from the exact rate: what QI's issued contracts print. */
  get annualExact(): Decimal {
    return decimalOf(roundFixed((this.annualGrowth - ONE) * EXACT_UNIT), EXACT_DECIMALS);
  }

  /** What compounds twelve times to the year's growth. */
  private monthlyRate(): Fixed {
    this.knownMonthly ??= root(this.annualGrowth, 12) - ONE;
    return this.knownMonthly;
  }
}

/**
 * The rate at which the flow is worth `price` on the day of disbursement.
 * Undefined above 1000% a month, and below -50% a month.
 */
export function effectiveRate(price: Cents, flow: Flow, curve: Curve): EffectiveRate | undefined {
  const discount =
    flow.equal === undefined
      ? listedDiscount(price, flow.amounts, curve)
      : equalDiscount(fixedRatio(price, flow.equal), flow.amounts.length, curve);
  return discount === undefined ? undefined : new EffectiveRate(power(divide(ONE, discount), DAYS_IN_YEAR));
}

/** The same of a flow in fractions of a cent, as what is expected of instalments is. */
export function effectiveRateOf(
  price: Cents,
  weights: readonly Fixed[],
  { dueDates, rates }: Curve,
): EffectiveRate | undefined {
  const discount = solve(fixedOf(price), weights, dueDates.upTo(weights.length), rates.dailyDiscount);
  return discount === undefined ? undefined : new EffectiveRate(power(divide(ONE, discount), DAYS_IN_YEAR));
}

/** Whether there is such a rate, at a fraction of what finding it takes: a present value rises with the discount. */
export function hasEffectiveRate(price: Cents, flow: Flow, curve: Curve): boolean {
  const target = fixedOf(price);
  const isBelowDearest = lowestWorth(flow, curve) <= target;
  return isBelowDearest && (price <= totalOf(flow) || worthAt(HIGHEST_DISCOUNT, flow, curve) >= target);
}

/** Of equal instalments, each is worth the same part of itself for every price: that part is kept by term. */
function lowestWorth(flow: Flow, curve: Curve): Fixed {
  const { amounts, equal } = flow;
  if (equal === undefined) return worthAt(LOWEST_DISCOUNT, flow, curve);
  let ofOne = curve.lowestWorths.get(amounts.length);
  if (ofOne === undefined) {
    ofOne = worthAt(LOWEST_DISCOUNT, equalFlow(1n, amounts.length), curve);
    curve.lowestWorths.set(amounts.length, ofOne);
  }
  return equal * ofOne;
}

function worthAt(discount: Fixed, { amounts }: Flow, { dueDates }: Curve): Fixed {
  const weights = amounts.map((amount) => fixedOf(amount));
  return presentValue(weights, dueDates.upTo(amounts.length), discount).value;
}

function listedDiscount(
  price: Cents,
  amounts: readonly Cents[],
  { dueDates, rates }: Curve,
): Fixed | undefined {
  const weights = amounts.map((amount) => fixedOf(amount));
  return solve(fixedOf(price), weights, dueDates.upTo(amounts.length), rates.dailyDiscount);
}

/**
 * Equal instalments: only price / instalment matters, and over one term of one curve it hardly moves. So the value
 * near the first solution is kept as a parabola, and the next search starts where that one meets the target.
 */
function equalDiscount(target: Fixed, count: number, curve: Curve): Fixed | undefined {
  const dates = curve.dueDates.upTo(count);
  const ones = new Array<Fixed>(count).fill(ONE);
  const near = curve.parabolas.get(count);
  if (near !== undefined) return solve(target, ones, dates, meet(near, target));
  const discount = solve(target, ones, dates, curve.rates.dailyDiscount);
  if (discount !== undefined) curve.parabolas.set(count, parabolaAt(discount, ones, dates));
  return discount;
}

export function parabolaAt(discount: Fixed, weights: readonly Fixed[], dates: readonly DueDate[]): Parabola {
  const { value, slope } = presentValue(weights, dates, discount);
  const squares = weights.map((weight, index) => weight * BigInt(itemAt(dates, index).days) ** 2n);
  return { discount, value, slope, curvature: presentValue(squares, dates, discount).value };
}

/** Where value + slope t + curvature t^2 / 2 is `target`, to second order in the distance; t is a logarithm. */
export function meet({ discount, value, slope, curvature }: Parabola, target: Fixed): Fixed {
  const linear = divide(target - value, slope);
  const t = linear - divide(multiply(multiply(linear, linear), curvature), 2n * slope);
  return discount + multiply(discount, t + multiply(t, t) / 2n);
}

/**
 * Newton's method on the present value, which rises with the discount and is convex: from the right of the solution
 * it comes down to it. From the left its first step may go far beyond, so it is held back where the solution surely
 * is not: a flow worth less than its sum has a discount below one.
 */
function solve(
  target: Fixed,
  weights: readonly Fixed[],
  dates: readonly DueDate[],
  start: Fixed,
): Fixed | undefined {
  const ceiling = target > sum(weights) ? HIGHEST_DISCOUNT : ONE;
  let discount = start < ceiling ? start : ceiling;
  for (;;) {
    const { value, slope } = presentValue(weights, dates, discount);
    const step = multiply(discount, divide(value - target, slope));
    if (discount === ceiling && step < 0n) return undefined;
    discount -= step;
    if (discount < LOWEST_DISCOUNT) return undefined;
    if (step < LAST_STEP && step > -LAST_STEP) return discount;
    if (discount > ceiling) discount = ceiling;
  }
}

/** The discount of one day at a monthly rate, twelve of which make a year of 365 days. */
export function dailyDiscountOf(monthlyRate: Decimal): Fixed {
  const places = Math.max(monthlyRate.decimalPlaces(), 1);
  const unit = 10n ** BigInt(places);
  const growth = fixedRatio(unit + unitsOf(monthlyRate, places), unit);
  return divide(ONE, root(power(growth, 12), DAYS_IN_YEAR));
}

/** Present value of the weights at a daily discount, and its derivative by the discount's logarithm. */
export function presentValue(
  weights: readonly Fixed[],
  dates: readonly DueDate[],
  discount: Fixed,
): { value: Fixed; slope: Fixed } {
  const powers = new Map<number, Fixed>();
  let value = 0n;
  let slope = 0n;
  for (let index = weights.length - 1; index >= 0; index -= 1) {
    const { gap } = itemAt(dates, index);
    let step = powers.get(gap);
    if (step === undefined) {
      step = power(discount, gap);
      powers.set(gap, step);
    }
    value = multiply(value + itemAt(weights, index), step);
    slope = multiply(slope, step) + BigInt(gap) * value;
  }
  return { value, slope };
}
