import type { CalendarDate, Decimal, HolidayCalendar } from '../../kernel';
import { BoundedCache } from './bounded-cache';
import type { Curve } from './curve';
import type { DueDates } from './due-dates';
import { unitsOf } from './scaled';

/** Tax and fee rates count in units of 10^-12, so that a day of IOF (0.000082) and a fee of 4.17% are integers. */
export const RATE_SCALE_DECIMALS = 12;
export const RATE_SCALE = 10n ** BigInt(RATE_SCALE_DECIMALS);

/** A stretch of days, both ends included; no `validTo` means still in force. */
export interface Validity {
  readonly validFrom: CalendarDate;
  readonly validTo: CalendarDate | undefined;
}

/** IOF on credit to natural persons (Decree 6.306/2007, article 7). Fractions. */
export interface IofRates extends Validity {
  readonly dailyRate: Decimal;
  readonly flatRate: Decimal;
  /** Days beyond this bear no further daily tax. */
  readonly maxDays: number;
}

/** Tax withheld from what a rebate (external contract fee) pays. Fraction. */
export interface RebateTax extends Validity {
  readonly rate: Decimal;
}

/** All dated data that pricing reads; nothing of it is a constant of the code. */
export interface PricingData {
  readonly iof: readonly IofRates[];
  readonly rebateTax: readonly RebateTax[];
  readonly holidays: HolidayCalendar;
}

export interface TaxRates {
  readonly dailyIof: bigint;
  readonly flatIof: bigint;
  readonly maxIofDays: number;
  readonly rebateTax: bigint;
}

const DEFAULT_CACHED_CURVES = 256;

/** Dated data plus a bounded memory of what depends on rates and dates alone. Results never depend on that memory. */
export class DatedTables {
  readonly dueDates: BoundedCache<DueDates>;
  readonly curves: BoundedCache<Curve>;
  private readonly taxesByDate: BoundedCache<TaxRates | undefined>;

  constructor(
    readonly data: PricingData,
    cachedCurves: number = DEFAULT_CACHED_CURVES,
  ) {
    this.dueDates = new BoundedCache(cachedCurves);
    this.curves = new BoundedCache(cachedCurves);
    this.taxesByDate = new BoundedCache(cachedCurves);
  }

  /** The tax rates in force on the day of disbursement; undefined when the tables do not cover it. */
  taxRatesOn(date: CalendarDate): TaxRates | undefined {
    return this.taxesByDate.getOrMake(date, () => {
      const iof = inForce(this.data.iof, date);
      const rebate = inForce(this.data.rebateTax, date);
      if (iof === undefined || rebate === undefined) return undefined;
      return {
        dailyIof: unitsOf(iof.dailyRate, RATE_SCALE_DECIMALS),
        flatIof: unitsOf(iof.flatRate, RATE_SCALE_DECIMALS),
        maxIofDays: iof.maxDays,
        rebateTax: unitsOf(rebate.rate, RATE_SCALE_DECIMALS),
      };
    });
  }
}

function inForce<Row extends Validity>(rows: readonly Row[], date: CalendarDate): Row | undefined {
  return rows.find((row) => row.validFrom <= date && (row.validTo === undefined || date <= row.validTo));
}
