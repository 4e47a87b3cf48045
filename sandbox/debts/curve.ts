import { Decimal, daysBetween, itemAt, type CalendarDate } from '../../src/kernel';
import {
  ADDITIONAL_IOF,
  annualRateOf,
  BASE_DAYS,
  DAILY_IOF,
  integerPowers,
  IOF_DAYS,
  type InterestBase,
} from '../arithmetic';
import { shareOf, type Fee } from './fees';

export interface DebtTerms {
  /** A fraction, as asked: by the month or by the year. */
  readonly rate: { readonly monthly: Decimal } | { readonly annual: Decimal };
  readonly interestBase: InterestBase;
  readonly disbursementDate: CalendarDate;
  readonly contractFees: readonly Fee[];
  readonly externalFees: readonly Fee[];
}

/** The dates of a flow on the curve of its terms, and what one real of each instalment is worth. */
export class Curve {
  readonly annual: Decimal;
  readonly days: readonly number[];
  readonly growths: readonly Decimal[];

  constructor(
    readonly terms: DebtTerms,
    dueDates: readonly CalendarDate[],
  ) {
    this.annual =
      'annual' in terms.rate ? terms.rate.annual.toDecimalPlaces(8) : annualRateOf(terms.rate.monthly);
    this.days = dueDates.map((due) => daysBetween(terms.disbursementDate, due));
    const powerOf = integerPowers(this.daily);
    this.growths = this.days.map((day, i) => powerOf(day - (this.days[i - 1] ?? 0)));
  }

  get daily(): Decimal {
    return this.annual.plus(1).pow(new Decimal(1).div(BASE_DAYS[this.terms.interestBase]));
  }

  worth(amounts: readonly Decimal[]): Decimal {
    let factor = new Decimal(1);
    let worth = new Decimal(0);
    amounts.forEach((amount, i) => {
      factor = factor.times(itemAt(this.growths, i));
      worth = worth.plus(amount.div(factor));
    });
    return worth;
  }

  /** The amortisation in each amount, and the daily tax on it. */
  split(amounts: readonly Decimal[]): { interest: Decimal; amortization: Decimal; tax: Decimal }[] {
    let balance = this.worth(amounts);
    return amounts.map((amount, i) => {
      const interest = balance.times(itemAt(this.growths, i).minus(1));
      const amortization = amount.minus(interest);
      balance = balance.minus(amortization);
      const days = Math.min(itemAt(this.days, i), IOF_DAYS);
      return { interest, amortization, tax: amortization.times(days).times(DAILY_IOF) };
    });
  }

  /** What of these amounts reaches the borrower, nothing rounded: a linear function of each of them. */
  net(amounts: readonly Decimal[]): Decimal {
    const tax = Decimal.sum(0, ...this.split(amounts).map((each) => each.tax));
    return this.worth(amounts)
      .times(shareOf(this.terms.contractFees).plus(ADDITIONAL_IOF).neg().plus(1))
      .minus(tax);
  }
}
