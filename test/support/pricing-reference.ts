import { Decimal as DecimalJs } from 'decimal.js';
import { addMonths, daysBetween, type CalendarDate } from '../../src/kernel';
import type { Fee, IofRates, LoanTerms, QuoteRequest } from '../../src/pricing/domain';

/**
 * The arithmetic of a quote written down a second time, as plainly as possible: decimal.js throughout, a general
 * power for every factor, a forward schedule, no cache, no algebra. It shares no arithmetic with the product.
 */
export interface ReferenceQuote {
  readonly amounts: readonly DecimalJs[];
  readonly issueAmount: DecimalJs;
  readonly disbursed: DecimalJs;
  readonly iof: DecimalJs;
  readonly principal: DecimalJs;
  readonly interests: readonly DecimalJs[];
  readonly amortisations: readonly DecimalJs[];
  readonly taxes: readonly DecimalJs[];
  readonly monthlyCet: DecimalJs;
  readonly annualCet: DecimalJs;
  readonly annualCetExact: DecimalJs;
}

interface Schedule {
  readonly principal: DecimalJs;
  readonly interests: DecimalJs[];
  readonly amortisations: DecimalJs[];
  readonly taxes: DecimalJs[];
}

export class PricingReference {
  private readonly Real: typeof DecimalJs;

  constructor(
    private readonly iof: IofRates,
    precision = 50,
  ) {
    this.Real = DecimalJs.clone({ precision, rounding: DecimalJs.ROUND_HALF_UP, defaults: true });
  }

  /** The quote, or undefined where taxes and fees leave nothing or a target is out of reach. */
  quote(request: QuoteRequest): ReferenceQuote | undefined {
    const { shape } = request;
    switch (shape.kind) {
      case 'installments': {
        const amounts = shape.installments.map((row) => this.real(row.totalAmount));
        return this.valued(
          request,
          amounts,
          shape.installments.map((row) => row.dueDate),
        );
      }
      case 'installment_face_value': {
        const dates = monthlyDates(shape.firstDueDate, shape.numberOfInstallments);
        return this.valued(
          request,
          dates.map(() => this.real(shape.installmentFaceValue)),
          dates,
        );
      }
      case 'disbursed_issue_amount': {
        const dates = monthlyDates(shape.firstDueDate, shape.numberOfInstallments);
        const perUnit = this.netOf(
          request,
          dates.map(() => this.real(1)),
          dates,
        );
        if (perUnit.lte(0)) return undefined;
        const payout = this.real(shape.disbursedIssueAmount);
        const installment = this.cents(payout.plus(this.absoluteFees(request)).div(perUnit));
        if (installment.isZero()) return undefined;
        return this.paidOut(
          request,
          dates.map(() => installment),
          dates,
          payout,
        );
      }
      case 'target_disbursed_amount':
        return this.target(
          request,
          this.real(shape.targetDisbursedAmount),
          shape.installments.map((row) => this.real(row.totalAmount)),
          shape.installments.map((row) => row.dueDate),
        );
    }
  }

  private target(
    terms: LoanTerms,
    payout: DecimalJs,
    bounds: readonly DecimalJs[],
    dates: readonly CalendarDate[],
  ): ReferenceQuote | undefined {
    const all = this.valued(terms, bounds, dates);
    if (all === undefined || all.disbursed.lt(payout)) return undefined;
    const needed = payout.plus(this.absoluteFees(terms));
    for (let count = 1; count <= bounds.length; count += 1) {
      const [before, used] = [bounds.slice(0, count - 1), dates.slice(0, count)];
      const zero = this.netOf(terms, [...before, this.real(0)], used);
      const perUnit = this.netOf(terms, [...before, this.real(1)], used).minus(zero);
      const part = needed.minus(zero).div(perUnit);
      const bound = bounds[count - 1] ?? this.real(0);
      if (part.gt(bound) && count < bounds.length) continue;
      const last = this.cents(part.gt(bound) ? bound : part);
      const amounts = last.isZero() ? before : [...before, last];
      return amounts.length === 0
        ? undefined
        : this.paidOut(terms, amounts, dates.slice(0, amounts.length), payout);
    }
    return undefined;
  }

  private valued(
    terms: LoanTerms,
    amounts: readonly DecimalJs[],
    dates: readonly CalendarDate[],
  ): ReferenceQuote | undefined {
    const schedule = this.schedule(terms, amounts, dates);
    const issueAmount = this.cents(schedule.principal);
    const charged = this.iofOn(schedule, issueAmount).plus(this.feesOn(terms, issueAmount));
    return this.finish(terms, amounts, dates, schedule, issueAmount, issueAmount.minus(charged));
  }

  private paidOut(
    terms: LoanTerms,
    amounts: readonly DecimalJs[],
    dates: readonly CalendarDate[],
    payout: DecimalJs,
  ): ReferenceQuote | undefined {
    const schedule = this.schedule(terms, amounts, dates);
    let issueAmount = payout;
    for (;;) {
      const next = payout.plus(this.iofOn(schedule, issueAmount)).plus(this.feesOn(terms, issueAmount));
      if (next.eq(issueAmount)) break;
      issueAmount = next;
    }
    return this.finish(terms, amounts, dates, schedule, issueAmount, payout);
  }

  private finish(
    terms: LoanTerms,
    amounts: readonly DecimalJs[],
    dates: readonly CalendarDate[],
    schedule: Schedule,
    issueAmount: DecimalJs,
    disbursed: DecimalJs,
  ): ReferenceQuote | undefined {
    if (disbursed.lte(0)) return undefined;
    const annual = this.annualYield(disbursed, amounts, dates, terms.disbursementDate);
    const monthlyCet = annual.plus(1).pow(this.real(1).div(12)).minus(1).toDecimalPlaces(4);
    return {
      ...schedule,
      amounts,
      issueAmount,
      disbursed,
      iof: this.iofOn(schedule, issueAmount),
      monthlyCet,
      annualCet: monthlyCet.plus(1).pow(12).minus(1),
      annualCetExact: annual,
    };
  }

  private schedule(
    terms: LoanTerms,
    amounts: readonly DecimalJs[],
    dates: readonly CalendarDate[],
  ): Schedule {
    const base = terms.interestBase === 'calendar_days' ? 360 : 365;
    const given = this.real(terms.rate.value);
    const annual = (terms.rate.kind === 'annual' ? given : given.plus(1).pow(12).minus(1)).toDecimalPlaces(8);
    const factor = (days: number): DecimalJs => annual.plus(1).pow(this.real(days).div(base));
    const since = dates.map((date) => daysBetween(terms.disbursementDate, date));
    const principal = amounts.reduce(
      (total, amount, index) => total.plus(amount.div(factor(since[index] ?? 0))),
      this.real(0),
    );
    const [interests, amortisations, taxes]: DecimalJs[][] = [[], [], []];
    let balance = principal;
    amounts.forEach((amount, index) => {
      const days = since[index] ?? 0;
      const interest = balance.times(factor(days - (since[index - 1] ?? 0)).minus(1));
      const amortisation = amount.minus(interest);
      balance = balance.minus(amortisation);
      interests?.push(interest);
      amortisations?.push(amortisation);
      taxes?.push(amortisation.times(Math.min(days, this.iof.maxDays)).times(this.real(this.iof.dailyRate)));
    });
    return {
      principal,
      interests: interests ?? [],
      amortisations: amortisations ?? [],
      taxes: taxes ?? [],
    };
  }

  /** Unrounded payout of a flow, absolute fees apart. */
  private netOf(terms: LoanTerms, amounts: readonly DecimalJs[], dates: readonly CalendarDate[]): DecimalJs {
    const { principal, taxes } = this.schedule(terms, amounts, dates);
    const rates = this.percentages(terms).reduce(
      (total, rate) => total.plus(rate),
      this.real(this.iof.flatRate),
    );
    return principal.minus(principal.times(rates)).minus(this.sum(taxes));
  }

  private iofOn({ taxes }: Schedule, issueAmount: DecimalJs): DecimalJs {
    return this.cents(this.sum(taxes).plus(issueAmount.times(this.real(this.iof.flatRate))));
  }

  private feesOn(terms: LoanTerms, issueAmount: DecimalJs): DecimalJs {
    const percentages = this.percentages(terms).map((rate) => issueAmount.times(rate).toDecimalPlaces(2));
    return this.sum(percentages).plus(this.absoluteFees(terms));
  }

  private percentages(terms: LoanTerms): DecimalJs[] {
    return this.feesOfType(terms, 'percentage').map((amount) => amount.div(100));
  }

  private absoluteFees(terms: LoanTerms): DecimalJs {
    return this.sum(this.feesOfType(terms, 'absolute'));
  }

  private feesOfType(terms: LoanTerms, type: Fee['amountType']): DecimalJs[] {
    return terms.contractFees.filter((fee) => fee.amountType === type).map((fee) => this.real(fee.amount));
  }

  /** Newton's method on the annual rate, one general power per instalment and round. */
  private annualYield(
    price: DecimalJs,
    amounts: readonly DecimalJs[],
    dates: readonly CalendarDate[],
    start: CalendarDate,
  ): DecimalJs {
    const years = dates.map((date) => this.real(daysBetween(start, date)).div(365));
    let annual = this.real(0);
    for (let round = 0; round < 200; round += 1) {
      const growth = annual.plus(1);
      let [value, slope] = [this.real(0), this.real(0)];
      amounts.forEach((amount, index) => {
        const year = years[index] ?? this.real(0);
        const discounted = amount.div(growth.pow(year));
        value = value.plus(discounted);
        slope = slope.minus(discounted.times(year).div(growth));
      });
      const step = value.minus(price).div(slope);
      annual = annual.minus(step);
      // The estimates rise, so one beyond 1000% a month (12^12 a year, with room) stays there.
      if (annual.gt(this.real(12).pow(12))) return annual;
      if (step.abs().lt(this.real(10).pow(-this.Real.precision * 0.6))) return annual;
    }
    throw new Error('the yield was not found');
  }

  /** Half up; what 40 digits cannot tell from a tie is one (the powers of exact decimals are not exact). */
  private cents(amount: DecimalJs): DecimalJs {
    return amount.toSignificantDigits(this.Real.precision - 10).toDecimalPlaces(2);
  }

  private sum(amounts: readonly DecimalJs[]): DecimalJs {
    return amounts.reduce((total, amount) => total.plus(amount), this.real(0));
  }

  private real(value: DecimalJs | number): DecimalJs {
    return new this.Real(value);
  }
}

function monthlyDates(first: CalendarDate, count: number): CalendarDate[] {
  return Array.from({ length: count }, (_, index) => addMonths(first, index));
}
