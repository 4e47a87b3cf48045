import { Decimal } from '../../kernel';
import { divide, divideRounded, fixedRatio, ONE, root, roundFixed, type Fixed } from './fixed-point';
import { decimalOf, unitsOf } from './scaled';

/** How QI counts a year of interest: over 360 days (`calendar_days`) or 365 (`calendar_days_365`). */
export type InterestBase = 'calendar_days' | 'calendar_days_365';

export const INTEREST_BASES: readonly InterestBase[] = ['calendar_days', 'calendar_days_365'];

/** The contract's rate as it was given: a fraction a month, or a fraction a year. */
export interface GivenRate {
  readonly kind: 'monthly' | 'annual';
  readonly value: Decimal;
}

/** One rate in the three forms QI prints, and the exact discount of one day that all arithmetic uses. */
export interface Rates {
  readonly annual: Decimal;
  readonly monthly: Decimal;
  readonly daily: Decimal;
  readonly interestBase: InterestBase;
  readonly dailyDiscount: Fixed;
}

/** QI rounds the annual rate to this many decimals before it computes anything else. */
const RATE_DECIMALS = 8;
const RATE_UNIT = 10n ** BigInt(RATE_DECIMALS);

const DAYS_IN_YEAR: Readonly<Record<InterestBase, number>> = { calendar_days: 360, calendar_days_365: 365 };

export function ratesOf(given: GivenRate, interestBase: InterestBase): Rates {
  const annualUnits =
    given.kind === 'monthly' ? compoundYear(given.value) : roundedUnits(given.value, RATE_DECIMALS);
  const annualGrowth = fixedRatio(RATE_UNIT + annualUnits, RATE_UNIT);
  const dailyGrowth = root(annualGrowth, DAYS_IN_YEAR[interestBase]);
  return {
    annual: decimalOf(annualUnits, RATE_DECIMALS),
    monthly: given.kind === 'monthly' ? given.value : rateOfGrowth(root(annualGrowth, 12)),
    daily: rateOfGrowth(dailyGrowth),
    interestBase,
    dailyDiscount: divide(ONE, dailyGrowth),
  };
}

/** (1 + monthly)^12 - 1 in units of 10^-8, rounded half up from the exact power. */
export function compoundYear(monthly: Decimal, decimals: number = RATE_DECIMALS): bigint {
  const places = Math.max(monthly.decimalPlaces(), 1);
  const unit = 10n ** BigInt(places);
  const exact = (unit + unitsOf(monthly, places)) ** 12n - unit ** 12n;
  return divideRounded(exact * 10n ** BigInt(decimals), unit ** 12n);
}

function roundedUnits(value: Decimal, decimals: number): bigint {
  return unitsOf(value.toDecimalPlaces(decimals, Decimal.ROUND_HALF_UP), decimals);
}

function rateOfGrowth(growth: Fixed): Decimal {
  return decimalOf(roundFixed((growth - ONE) * RATE_UNIT), RATE_DECIMALS);
}
