import type { CalendarDate } from '../../kernel';
import { RATE_SCALE, type DatedTables, type TaxRates } from './dated-tables';
import { Curve } from './curve';
import { DueDates } from './due-dates';
import { feeSchedule, sum, type FeeSchedule } from './fees';
import type { Flow } from './flow';
import { divideRounded, fixedOf, roundFixed, roundRatio, type Fixed } from './fixed-point';
import { ratesOf } from './rates';
import type { LoanTerms } from './request';
import type { Cents } from './scaled';

/** The due dates of a loan: the same day of every month from a first one, or a list in rising order. */
export type DueDatePlan = { readonly first: CalendarDate } | { readonly listed: readonly CalendarDate[] };

/** What one cent of instalment costs and brings: from one point of a curve, or summed over several. */
export interface FlowValue {
  readonly value: Fixed;
  readonly tax: Fixed;
}

/** Equal instalments of one cent, with their `netValue`. */
interface Annuity extends FlowValue {
  readonly net: bigint | undefined;
}

/** Terms, dates and taxes made ready for arithmetic on amounts in whole cents. */
export class Loan {
  readonly contractFees: FeeSchedule;
  readonly rebates: FeeSchedule;
  private readonly annuities = new Map<number, Annuity>();

  constructor(
    readonly terms: LoanTerms,
    readonly curve: Curve,
    readonly taxes: TaxRates,
  ) {
    this.contractFees = feeSchedule(terms.contractFees);
    this.rebates = feeSchedule(terms.rebates);
  }

  /** @throws DateOutsideCalendarError when the disbursement is outside the holiday calendar */
  static open(terms: LoanTerms, plan: DueDatePlan, taxes: TaxRates, tables: DatedTables): Loan {
    return new Loan(terms, curveOf(terms, plan, taxes, tables), taxes);
  }

  /** The annuity of `count` equal instalments of one cent, kept for the next amount. */
  private annuity(count: number): Annuity {
    const known = this.annuities.get(count);
    if (known !== undefined) return known;
    const { valueSum: value, taxSum: tax } = this.curve.at(count - 1);
    const annuity = { value, tax, net: this.netValue({ value, tax }) };
    this.annuities.set(count, annuity);
    return annuity;
  }

  /** Value and tax base of a flow on the curve's dates. */
  flow({ amounts, equal }: Flow): FlowValue {
    if (equal !== undefined) {
      const { value, tax } = this.annuity(amounts.length);
      return { value: equal * value, tax: equal * tax };
    }
    let value = 0n;
    let tax = 0n;
    for (const [index, amount] of amounts.entries()) {
      const point = this.curve.at(index);
      value += amount * point.value;
      tax += amount * point.tax;
    }
    return { value, tax };
  }

  /** IOF in cents: daily rate on each amortisation, plus the flat rate on the issue amount, rounded once. */
  iof(tax: Fixed, issueAmount: Cents): Cents {
    const scaled = tax * this.taxes.dailyIof + fixedOf(issueAmount * this.taxes.flatIof);
    return roundFixed(divideRounded(scaled, RATE_SCALE));
  }

  /** What is left of the issue amount for the borrower. */
  disbursed(tax: Fixed, issueAmount: Cents): Cents {
    return issueAmount - this.iof(tax, issueAmount) - sum(this.contractFees.amountsOn(issueAmount));
  }

  /**
   * What a flow pays out before any rounding and before absolute fees, times 10^12: value less the rates that are
   * taken of it. Linear in the flow, so an amount sought is a quotient. Undefined when the rates take 99% or more:
   * the amounts that leave a given payout would then be anywhere.
   */
  netValue({ value, tax }: FlowValue): bigint | undefined {
    const net = value * this.keptRate() - tax * this.taxes.dailyIof;
    return net * 100n > value * RATE_SCALE ? net : undefined;
  }

  /** The net value that pays out `disbursed`, in the units of `netValue`: absolute fees come on top. */
  grossNeed(disbursed: Cents): bigint {
    return fixedOf((disbursed + this.contractFees.absolute) * RATE_SCALE);
  }

  /** The equal instalment that pays out `disbursed`, rounded half up; undefined when fees eat the loan. */
  installmentFor(disbursed: Cents, count: number): Cents | undefined {
    const { net } = this.annuity(count);
    return net === undefined ? undefined : roundRatio(this.grossNeed(disbursed), net);
  }

  /** The same where it is at most `limit`, else undefined. That it is more than a cent above is seen without dividing. */
  installmentWithin(limit: Cents, disbursed: Cents, count: number): Cents | undefined {
    const { net } = this.annuity(count);
    const need = this.grossNeed(disbursed);
    if (net === undefined || need > (limit + 1n) * net) return undefined;
    const installment = roundRatio(need, net);
    return installment <= limit ? installment : undefined;
  }

  /** The largest payout whose equal instalment is at most `limit`; undefined when not one cent is. */
  largestPayout(limit: Cents, count: number): Cents | undefined {
    const { net } = this.annuity(count);
    if (net === undefined || limit <= 0n) return undefined;
    // Its exact instalment is at most half a cent above the limit; exactly half a cent would be rounded up.
    const highest = ((2n * limit + 1n) * net) / fixedOf(2n * RATE_SCALE) - this.contractFees.absolute;
    const payout = roundRatio(this.grossNeed(highest), net) <= limit ? highest : highest - 1n;
    return payout > 0n ? payout : undefined;
  }

  /**
   * The smallest issue amount that pays out exactly `disbursed` on a flow with this tax base.
   * One cent more of issue never pays out more than one cent more, so going up from below none is jumped over.
   */
  issueAmountFor(disbursed: Cents, tax: Fixed): Cents {
    const kept = this.keptRate();
    const gross = this.grossNeed(disbursed) + tax * this.taxes.dailyIof;
    const roundings = BigInt(this.contractFees.fees.length + 1);
    const slack = (roundings * RATE_SCALE) / kept + 1n;
    let issueAmount = divideRounded(gross, fixedOf(kept)) - slack;
    while (this.disbursed(tax, issueAmount) < disbursed) issueAmount += 1n;
    return issueAmount;
  }

  /** What flat IOF and percentage fees leave of the issue amount, times 10^12. */
  private keptRate(): bigint {
    return RATE_SCALE - this.taxes.flatIof - this.contractFees.rate;
  }
}

function curveOf(terms: LoanTerms, plan: DueDatePlan, taxes: TaxRates, tables: DatedTables): Curve {
  const { disbursementDate, rate, interestBase } = terms;
  const dates = 'first' in plan ? `monthly ${plan.first}` : `listed ${plan.listed.join()}`;
  const datesKey = `${disbursementDate} ${dates}`;
  return tables.curves.getOrMake(`${rate.kind} ${rate.value.toFixed()} ${interestBase} ${datesKey}`, () => {
    const dueDates = tables.dueDates.getOrMake(datesKey, () => {
      const { holidays } = tables.data;
      return 'first' in plan
        ? DueDates.monthly(disbursementDate, plan.first, holidays)
        : DueDates.listed(disbursementDate, plan.listed, holidays);
    });
    return new Curve(ratesOf(rate, interestBase), dueDates, taxes.maxIofDays);
  });
}
