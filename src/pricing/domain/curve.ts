import { itemAt } from '../../kernel';
import type { DueDates } from './due-dates';
import { multiply, ONE, power, type Fixed } from './fixed-point';
import type { Rates } from './rates';

/** What one cent paid on a due date is worth, and is taxed, at the contract's rate. */
export interface CurvePoint {
  /** Discount from this due date to the previous one. */
  readonly step: Fixed;
  /** Days since disbursement that bear daily tax. */
  readonly taxedDays: number;
  /** Present value of one unit paid here. */
  readonly value: Fixed;
  /** Present values up to and including here: the annuity factor of a loan of that term. */
  readonly valueSum: Fixed;
  /** Sum over the amortisations of that annuity of amortisation x taxed days. */
  readonly taxSum: Fixed;
  /** The same for one unit paid here alone, its interest accruing to the balance on the way. */
  readonly tax: Fixed;
}

const DISBURSEMENT: CurvePoint = { step: ONE, taxedDays: 0, value: ONE, valueSum: 0n, taxSum: 0n, tax: 0n };

/** The value of equal instalments as a function of the daily discount, close to one discount. */
export interface Parabola {
  readonly discount: Fixed;
  readonly value: Fixed;
  /** First and second derivative by the logarithm of the discount. */
  readonly slope: Fixed;
  readonly curvature: Fixed;
}

/**
 * Everything about a loan that does not depend on its amount, built once per rate and dates. All of it is linear:
 * a flow of instalments is worth the sum of amount x `value`, and bears daily rate x the sum of amount x `tax`.
 *
 * A unit paid on the k-th date has the balance b(j) = value(k) / value(j) before that, and amortises b(j-1) - b(j)
 * on each date j. Summed by parts, its amortisations times taxed days are the balances times the growth of taxed
 * days, whence tax(k) = step(k) x (tax(k-1) + taxedDays(k) - taxedDays(k-1)).
 */
export class Curve {
  /** By term: where earlier searches for an effective rate ended, as a start for later ones. */
  readonly parabolas = new Map<number, Parabola>();
  /** By term: what one unit on each date is worth at the lowest discount that a rate may have. */
  readonly lowestWorths = new Map<number, Fixed>();
  private readonly points: CurvePoint[] = [];
  private readonly powers = new Map<number, Fixed>();

  constructor(
    readonly rates: Rates,
    readonly dueDates: DueDates,
    private readonly maxTaxedDays: number,
  ) {}

  /** The first `count` points (the array may hold more). @throws DateOutsideCalendarError */
  upTo(count: number): readonly CurvePoint[] {
    if (this.points.length < count) this.extend(count);
    return this.points;
  }

  at(index: number): CurvePoint {
    return itemAt(this.upTo(index + 1), index);
  }

  private extend(count: number): void {
    const dueDates = this.dueDates.upTo(count);
    let previous = this.points.at(-1) ?? DISBURSEMENT;
    for (const { days, gap } of dueDates.slice(this.points.length, count)) {
      const step = this.discountOver(gap);
      const taxedDays = Math.min(days, this.maxTaxedDays);
      const newlyTaxed = BigInt(taxedDays - previous.taxedDays) * ONE;
      const value: Fixed = multiply(previous.value, step);
      const tax: Fixed = multiply(previous.tax + newlyTaxed, step);
      previous = {
        step,
        taxedDays,
        value,
        tax,
        valueSum: previous.valueSum + value,
        taxSum: previous.taxSum + tax,
      };
      this.points.push(previous);
    }
  }

  private discountOver(days: number): Fixed {
    let discount = this.powers.get(days);
    if (discount === undefined) {
      discount = power(this.rates.dailyDiscount, days);
      this.powers.set(days, discount);
    }
    return discount;
  }
}
