import { addMonths, daysBetween, type CalendarDate } from '../../src/kernel';

/** A payout by equal instalments under a monthly rate, without fees: one case of the measurement. */
export interface PayoutCase {
  readonly disbursementDate: CalendarDate;
  readonly firstDueDate: CalendarDate;
  readonly numberOfInstallments: number;
  readonly monthlyRate: number;
  readonly payout: number;
}

export interface FloatQuote {
  readonly installment: number;
  readonly issueAmount: number;
  readonly iof: number;
  readonly monthlyCet: number;
  readonly annualCet: number;
}

const DAILY_IOF = 0.000082;
const FLAT_IOF = 0.0038;
const cents = (amount: number): number => Math.round(amount * 100) / 100;

/** The same arithmetic in binary floats, written straight down: a general power for every factor, nothing kept. */
export function floatQuote(loan: PayoutCase): FloatQuote {
  const annual = Math.round(((1 + loan.monthlyRate) ** 12 - 1) * 1e8) / 1e8;
  const days = daysOf(loan);
  const discounts = days.map((day) => (1 + annual) ** (-day / 365));
  const factors = days.map((day, index) => (1 + annual) ** ((day - (days[index - 1] ?? 0)) / 365));
  return settle(loan.payout, days, discounts, factors, (annualRate, day) => (1 + annualRate) ** (-day / 365));
}

/** The same with everything kept that does not depend on the amount: day counts, factors, and the last CET. */
export class FloatKeeper {
  private readonly kept = new Map<string, { days: number[]; discounts: number[]; factors: number[] }>();

  quote(loan: PayoutCase): FloatQuote {
    const { disbursementDate, firstDueDate, numberOfInstallments, monthlyRate } = loan;
    const key = `${monthlyRate} ${disbursementDate} ${firstDueDate} ${numberOfInstallments}`;
    let known = this.kept.get(key);
    if (known === undefined) {
      const annual = Math.round(((1 + monthlyRate) ** 12 - 1) * 1e8) / 1e8;
      const days = daysOf(loan);
      known = {
        days,
        discounts: days.map((day) => (1 + annual) ** (-day / 365)),
        factors: days.map((day, index) => (1 + annual) ** ((day - (days[index - 1] ?? 0)) / 365)),
      };
      this.kept.set(key, known);
    }
    return settle(loan.payout, known.days, known.discounts, known.factors, undefined);
  }
}

function daysOf({ disbursementDate, firstDueDate, numberOfInstallments }: PayoutCase): number[] {
  return Array.from({ length: numberOfInstallments }, (_, index) =>
    daysBetween(disbursementDate, addMonths(firstDueDate, index)),
  );
}

function settle(
  payout: number,
  days: readonly number[],
  discounts: readonly number[],
  factors: readonly number[],
  discountBy: ((annualRate: number, day: number) => number) | undefined,
): FloatQuote {
  const annuity = discounts.reduce((total, discount) => total + discount, 0);
  const perUnit = annuity * (1 - FLAT_IOF) - dailyTax(1, annuity, days, factors);
  const installment = cents(payout / perUnit);
  const tax = dailyTax(installment, installment * annuity, days, factors);
  let issueAmount = payout;
  for (;;) {
    const next = cents(payout + cents(tax + issueAmount * FLAT_IOF));
    if (Math.abs(next - issueAmount) < 0.001) break;
    issueAmount = next;
  }
  const annual =
    discountBy === undefined
      ? yieldByMultiplication(payout, installment, days)
      : yieldByPowers(payout, installment, days, discountBy);
  const monthlyCet = Math.round(((1 + annual) ** (1 / 12) - 1) * 1e4) / 1e4;
  return { installment, issueAmount, iof: cents(issueAmount - payout), monthlyCet, annualCet: annual };
}

/** IOF over the amortisations of a forward schedule. */
function dailyTax(
  installment: number,
  principal: number,
  days: readonly number[],
  factors: readonly number[],
): number {
  let [balance, tax] = [principal, 0];
  days.forEach((day, index) => {
    const amortisation = installment - balance * ((factors[index] ?? 1) - 1);
    balance -= amortisation;
    tax += amortisation * Math.min(day, 365) * DAILY_IOF;
  });
  return tax;
}

function yieldByPowers(
  payout: number,
  installment: number,
  days: readonly number[],
  discountBy: (annualRate: number, day: number) => number,
): number {
  let annual = 0;
  for (let round = 0; round < 100; round += 1) {
    let [value, slope] = [-payout, 0];
    for (const day of days) {
      const discounted = installment * discountBy(annual, day);
      value += discounted;
      slope -= (discounted * day) / 365 / (1 + annual);
    }
    const step = value / slope;
    annual -= step;
    if (Math.abs(step) < 1e-12) return annual;
  }
  return annual;
}

function yieldByMultiplication(payout: number, installment: number, days: readonly number[]): number {
  let discount = 0.9994;
  for (let round = 0; round < 100; round += 1) {
    let [value, slope, power, last] = [-payout, 0, 1, 0];
    for (const day of days) {
      power *= discount ** (day - last);
      last = day;
      value += installment * power;
      slope += (installment * power * day) / discount;
    }
    const step = value / slope;
    discount -= step;
    if (Math.abs(step) < 1e-15) break;
  }
  return discount ** -365 - 1;
}
