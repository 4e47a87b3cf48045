import { itemAt, type CalendarDate, type Decimal } from '../../kernel';
import { RATE_SCALE } from './dated-tables';
import type { CurvePoint } from './curve';
import { divideRounded, fixedOf, multiply, roundFixed, type Fixed } from './fixed-point';
import type { Loan } from './loan';
import { decimalOf, reaisOf, SCHEDULE_DECIMALS, type Cents } from './scaled';

/** Schedule figures count in units of 10^-10 reais. */
export const UNITS_PER_CENT = 10n ** BigInt(SCHEDULE_DECIMALS - 2);

/** One line of the schedule, under the names of QI's `installments[]`. Figures to 10 decimals. */
export class ScheduleRow {
  constructor(
    readonly installmentNumber: number,
    readonly dueDate: CalendarDate,
    readonly businessDueDate: CalendarDate,
    readonly calendarDays: number,
    readonly workdays: number,
    private readonly units: {
      readonly duePrincipal: bigint;
      readonly interest: bigint;
      readonly amortisation: bigint;
      readonly tax: bigint;
      readonly total: Cents;
    },
  ) {}

  /** Principal still owed before this instalment, counted from the issue amount. */
  get duePrincipal(): Decimal {
    return decimalOf(this.units.duePrincipal, SCHEDULE_DECIMALS);
  }
  /** Interest. */
  get preFixedAmount(): Decimal {
    return decimalOf(this.units.interest, SCHEDULE_DECIMALS);
  }
  get principalAmortizationAmount(): Decimal {
    return decimalOf(this.units.amortisation, SCHEDULE_DECIMALS);
  }
  /** Daily IOF on this amortisation. */
  get taxAmount(): Decimal {
    return decimalOf(this.units.tax, SCHEDULE_DECIMALS);
  }
  get totalAmount(): Decimal {
    return reaisOf(this.units.total);
  }
}

/** The exact present value of a flow (in cents) in schedule units: what its amortisations add up to. */
export function principalUnits(presentValue: Fixed): bigint {
  return roundFixed(presentValue * UNITS_PER_CENT);
}

/**
 * The schedule of a flow. Interest runs on the unrounded principal: each balance is what its date pays and what is
 * owed after it, discounted over the period. Interest is rounded to 10 decimals and the rest of the instalment
 * amortises; the last one amortises what is left, so that the amortisations add up to the principal.
 * `duePrincipal` starts at the issue amount, so the last amortisation differs from it by the rounding to the cent.
 */
export function scheduleOf(
  loan: Loan,
  amounts: readonly Cents[],
  issueAmount: Cents,
  presentValue: Fixed,
): ScheduleRow[] {
  const points = loan.curve.upTo(amounts.length);
  const dueDates = loan.curve.dueDates.upTo(amounts.length);
  const balances = balancesBefore(points, amounts);
  let duePrincipal = issueAmount * UNITS_PER_CENT;
  let unpaid = principalUnits(presentValue);
  return amounts.map((total, index) => {
    const [point, due] = [itemAt(points, index), itemAt(dueDates, index)];
    const amortised = itemAt(balances, index) - (balances[index + 1] ?? 0n);
    const accrued = roundFixed((fixedOf(total) - amortised) * UNITS_PER_CENT);
    const amortisation = index === amounts.length - 1 ? unpaid : total * UNITS_PER_CENT - accrued;
    const taxed = amortisation * BigInt(point.taxedDays) * loan.taxes.dailyIof;
    const row = new ScheduleRow(index + 1, due.date, due.businessDate, due.gap, due.workdays, {
      duePrincipal,
      interest: total * UNITS_PER_CENT - amortisation,
      amortisation,
      tax: divideRounded(taxed, RATE_SCALE),
      total,
    });
    duePrincipal -= amortisation;
    unpaid -= amortisation;
    return row;
  });
}

/** Balance owed before each date. */
export function balancesBefore(points: readonly CurvePoint[], amounts: readonly Cents[]): Fixed[] {
  const balances: Fixed[] = [];
  let after = 0n;
  for (let index = amounts.length - 1; index >= 0; index -= 1) {
    after = multiply(after + fixedOf(itemAt(amounts, index)), itemAt(points, index).step);
    balances.push(after);
  }
  return balances.reverse();
}
