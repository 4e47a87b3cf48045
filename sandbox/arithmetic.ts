import {
  addMonths,
  calendarDateOf,
  Decimal,
  daysBetween,
  itemAt,
  toCents,
  yearMonthDay,
  type CalendarDate,
} from '../src/kernel';

/**
 * The sandbox's own reading of QI's arithmetic: deliberately not the product's, so that a mistake in one shows against
 * the other. Sources: the printed simulations of QI manuals 002 and 004, from which the formulas were derived.
 */

export const DAILY_IOF = new Decimal('0.000082');
export const ADDITIONAL_IOF = new Decimal('0.0038');
/** Daily tax stops growing after a year. */
export const IOF_DAYS = 365;

/** Days of a year, by the base's name. */
export const BASE_DAYS = { calendar_days: 360, calendar_days_365: 365 } as const;
export type InterestBase = keyof typeof BASE_DAYS;

export interface LoanTerms {
  /** A fraction: 0.02 is 2% a month. */
  readonly monthlyInterestRate: Decimal;
  readonly numberOfInstallments: number;
  readonly disbursementDate: CalendarDate;
  readonly firstDueDate: CalendarDate;
  readonly interestBase: InterestBase;
}

/** What is fixed: what the borrower receives, or what the borrower pays each month. Reais. */
export type LoanAmount =
  | { readonly disbursedIssueAmount: Decimal }
  | { readonly installmentFaceValue: Decimal };

export interface Simulation {
  readonly disbursedIssueAmount: Decimal;
  readonly installmentFaceValue: Decimal;
  readonly issueAmount: Decimal;
  readonly totalIof: Decimal;
  readonly annualInterestRate: Decimal;
  readonly monthlyCet: Decimal;
  readonly annualCet: Decimal;
  readonly dueDates: readonly CalendarDate[];
}

/** Everything about a loan of one real; a real loan is this times its principal. */
interface UnitLoan {
  readonly annualRate: Decimal;
  readonly days: readonly number[];
  readonly dueDates: readonly CalendarDate[];
  readonly installment: Decimal;
  readonly dailyIof: Decimal;
}

export function simulate(terms: LoanTerms, amount: LoanAmount): Simulation {
  const unit = unitLoan(terms);
  const priced =
    'disbursedIssueAmount' in amount
      ? fromDisbursed(unit, amount.disbursedIssueAmount)
      : fromInstallment(unit, amount.installmentFaceValue);
  return {
    ...priced,
    ...effectiveCost(unit.days, priced.disbursedIssueAmount, priced.installmentFaceValue),
    annualInterestRate: unit.annualRate,
    dueDates: unit.dueDates,
  };
}

/** The instalment alone: what is compared with the borrower's margin. */
export function installmentOf(terms: LoanTerms, amount: LoanAmount): Decimal {
  if ('installmentFaceValue' in amount) return amount.installmentFaceValue;
  return fromDisbursed(unitLoan(terms), amount.disbursedIssueAmount).installmentFaceValue;
}

/** When payroll deductions start: see `firstDueDate`. */
export interface PayrollRule {
  /** The last day of a month on which a contract still belongs to that month's window. */
  readonly cutoffDay: number;
  /** Months from the window's month to that of the first due date. */
  readonly monthsAfter: number;
  /** Day of the month on which every instalment falls due (28 at most, so that it always exists). */
  readonly dueDay: number;
}

/**
 * The first due date of a payroll loan: contracts registered from day 21 to day 20 share a window, are first deducted
 * in the payroll of the month after it, and that deduction falls due one month later still. Both printed examples of QI
 * manual 001 fit: 2026-01-29 -> 2026-04-28, 2025-02-06 -> 2025-04-20.
 */
export function firstDueDate(registered: CalendarDate, rule: PayrollRule): CalendarDate {
  const { year, month, day } = yearMonthDay(registered);
  const window = day <= rule.cutoffDay ? 0 : 1;
  return addMonths(calendarDateOf(year, month, rule.dueDay), window + rule.monthsAfter);
}

/** The year's rate of a monthly one: twelve months, to 8 decimals. */
export function annualRateOf(monthly: Decimal): Decimal {
  return monthly.plus(1).pow(12).minus(1).toDecimalPlaces(8);
}

function unitLoan(terms: LoanTerms): UnitLoan {
  const one = new Decimal(1);
  const annualRate = annualRateOf(terms.monthlyInterestRate);
  const powerOf = integerPowers(one.plus(annualRate).pow(one.div(BASE_DAYS[terms.interestBase])));
  const dueDates = Array.from({ length: terms.numberOfInstallments }, (_, i) =>
    addMonths(terms.firstDueDate, i),
  );
  const days = dueDates.map((due) => daysBetween(terms.disbursementDate, due));
  const growths = days.map((day, i) => powerOf(day - (days[i - 1] ?? 0)));

  let factor = one;
  let presentValue = new Decimal(0);
  for (const growth of growths) {
    factor = factor.times(growth);
    presentValue = presentValue.plus(one.div(factor));
  }
  const installment = one.div(presentValue);

  let balance = one;
  let dailyIof = new Decimal(0);
  growths.forEach((growth, i) => {
    const amortisation = installment.minus(balance.times(growth.minus(1)));
    balance = balance.minus(amortisation);
    dailyIof = dailyIof.plus(amortisation.times(Math.min(days[i] ?? 0, IOF_DAYS)).times(DAILY_IOF));
  });
  return { annualRate, days, dueDates, installment, dailyIof };
}

type Amounts = Pick<Simulation, 'disbursedIssueAmount' | 'installmentFaceValue' | 'issueAmount' | 'totalIof'>;

/**
 * The borrower receives exactly what was asked. The instalment is rounded half up; tax is due on what the rounded
 * instalments amortise, and is financed on top: issue amount = disbursed + tax, of which a part is flat on itself.
 */
function fromDisbursed(unit: UnitLoan, disbursedIssueAmount: Decimal): Amounts {
  const one = new Decimal(1);
  const principal = disbursedIssueAmount.div(one.minus(unit.dailyIof).minus(ADDITIONAL_IOF));
  const installmentFaceValue = toCents(principal.times(unit.installment));
  const baseIof = installmentFaceValue.div(unit.installment).times(unit.dailyIof);
  const issueAmount = toCents(disbursedIssueAmount.plus(baseIof).div(one.minus(ADDITIONAL_IOF)));
  return {
    disbursedIssueAmount,
    installmentFaceValue,
    issueAmount,
    totalIof: issueAmount.minus(disbursedIssueAmount),
  };
}

function fromInstallment(unit: UnitLoan, installmentFaceValue: Decimal): Amounts {
  const principal = installmentFaceValue.div(unit.installment);
  const issueAmount = toCents(principal);
  const totalIof = toCents(principal.times(unit.dailyIof).plus(issueAmount.times(ADDITIONAL_IOF)));
  return { installmentFaceValue, issueAmount, totalIof, disbursedIssueAmount: issueAmount.minus(totalIof) };
}

/** The CET of equal instalments. */
export function effectiveCost(
  days: readonly number[],
  received: Decimal,
  installment: Decimal,
): Pick<Simulation, 'monthlyCet' | 'annualCet'> {
  const one = new Decimal(1);
  const { monthlyCet, annualCet } = flowCost(
    days,
    days.map(() => one),
    received.div(installment),
  );
  return { monthlyCet, annualCet };
}

export interface FlowCost extends Pick<Simulation, 'monthlyCet' | 'annualCet'> {
  readonly exactAnnualCet: Decimal;
}

/**
 * CET: the rate at which the instalments are worth what the borrower received, over a year of 365 days; the monthly one
 * is rounded to 4 decimals and the annual one is compounded from it. Newton's method on the daily discount factor.
 */
export function flowCost(days: readonly number[], amounts: readonly Decimal[], received: Decimal): FlowCost {
  const enough = new Decimal('1e-16');
  let discount = new Decimal('0.999');
  for (let round = 0; round < 60; round += 1) {
    const powerOf = integerPowers(discount);
    let power = new Decimal(1);
    let worth = new Decimal(0);
    let slope = new Decimal(0);
    days.forEach((day, i) => {
      power = power.times(powerOf(day - (days[i - 1] ?? 0)));
      const share = power.times(itemAt(amounts, i));
      worth = worth.plus(share);
      slope = slope.plus(share.times(day));
    });
    const step = worth.minus(received).times(discount).div(slope);
    discount = discount.minus(step);
    if (step.abs().lt(enough)) break;
  }
  const yearly = new Decimal(1).div(discount).pow(365);
  const monthlyCet = yearly.pow(new Decimal(1).div(12)).minus(1).toDecimalPlaces(4);
  return {
    monthlyCet,
    annualCet: monthlyCet.plus(1).pow(12).minus(1),
    exactAnnualCet: yearly.minus(1),
  };
}

/** Months have four lengths, so a schedule needs few distinct powers: each is computed once. */
export function integerPowers(base: Decimal): (exponent: number) => Decimal {
  const known = new Map<number, Decimal>();
  return (exponent) => {
    const power = known.get(exponent) ?? base.pow(exponent);
    known.set(exponent, power);
    return power;
  };
}
