import {
  businessDaysBetween,
  Decimal,
  daysBetween,
  itemAt,
  nextBusinessDay,
  toCents,
  type CalendarDate,
} from '../../src/kernel';
import { ADDITIONAL_IOF, flowCost, type InterestBase } from '../arithmetic';
import { BANK_CALENDAR } from '../business-days';
import { Curve, type DebtTerms } from './curve';
import { chargeFee, fixedOf, shareOf, type ChargedFee } from './fees';

/**
 * The price of a debt whose instalments are given, one by one: what QI's simulations and creations print. The sandbox's own
 * reading of manuals 002 and 004.
 */

export interface Installment {
  readonly dueDate: CalendarDate;
  /** Reais, whole cents. */
  readonly totalAmount: Decimal;
}

export interface PricedInstallment extends Installment {
  readonly businessDueDate: CalendarDate;
  /** Since the previous due date, or since the disbursement. */
  readonly calendarDays: number;
  readonly workdays: number;
  readonly duePrincipal: Decimal;
  readonly interest: Decimal;
  readonly amortization: Decimal;
  readonly tax: Decimal;
}

export interface Pricing {
  readonly disbursementDate: CalendarDate;
  readonly installments: readonly PricedInstallment[];
  readonly rates: {
    readonly annual: Decimal;
    readonly monthly: Decimal;
    readonly daily: Decimal;
    readonly interestBase: InterestBase;
  };
  readonly issueAmount: Decimal;
  readonly baseIof: Decimal;
  readonly additionalIof: Decimal;
  readonly totalIof: Decimal;
  readonly contractFees: readonly ChargedFee[];
  readonly externalFees: readonly ChargedFee[];
  readonly disbursedIssueAmount: Decimal;
  readonly monthlyCet: Decimal;
  /** Compounded from the rounded monthly one, as simulations print it. */
  readonly annualCet: Decimal;
  /** Not rounded, as creations print it. */
  readonly exactAnnualCet: Decimal;
}

/** The price of these instalments; undefined when tax and fees leave the borrower nothing. */
export function priceInstallments(
  terms: DebtTerms,
  installments: readonly Installment[],
): Pricing | undefined {
  return settle(terms, installments, (worth) => ({ issueAmount: toCents(worth) }));
}

export type TargetPricing =
  | { readonly kind: 'priced'; readonly installments: readonly Installment[]; readonly pricing: Pricing }
  /** All the instalments together pay out less. */
  | { readonly kind: 'above_maximum' }
  | { readonly kind: 'impossible' };

/** The instalments that pay out exactly `target`: taken in order up to their amounts, the last one in part. */
export function priceTarget(
  terms: DebtTerms,
  bounds: readonly Installment[],
  target: Decimal,
): TargetPricing {
  const most = priceInstallments(terms, bounds);
  if (most === undefined) return { kind: 'impossible' };
  if (most.disbursedIssueAmount.lt(target)) return { kind: 'above_maximum' };
  const taken = takeInOrder(terms, bounds, target);
  const pricing = settle(terms, taken, () => ({ disbursed: target }));
  return pricing === undefined ? { kind: 'impossible' } : { kind: 'priced', installments: taken, pricing };
}

function takeInOrder(terms: DebtTerms, bounds: readonly Installment[], target: Decimal): Installment[] {
  const curve = new Curve(
    terms,
    bounds.map((bound) => bound.dueDate),
  );
  let missing = target.plus(fixedOf(terms.contractFees));
  const taken: Installment[] = [];
  for (const [i, bound] of bounds.entries()) {
    const perReal = curve.net(bounds.slice(0, i + 1).map((_, j) => new Decimal(j === i ? 1 : 0)));
    const part = toCents(missing.div(perReal));
    if (part.gt(0)) taken.push({ ...bound, totalAmount: Decimal.min(part, bound.totalAmount) });
    if (part.lte(bound.totalAmount)) return taken;
    missing = missing.minus(bound.totalAmount.times(perReal));
  }
  return taken;
}

/** What is fixed is the principal, or what the borrower gets. */
function settle(
  terms: DebtTerms,
  installments: readonly Installment[],
  fix: (worth: Decimal) => { readonly issueAmount: Decimal } | { readonly disbursed: Decimal },
): Pricing | undefined {
  const curve = new Curve(
    terms,
    installments.map((each) => each.dueDate),
  );
  const amounts = installments.map((each) => each.totalAmount);
  const split = curve.split(amounts);
  const baseIof = Decimal.sum(0, ...split.map((each) => each.tax));
  const fixed = fix(curve.worth(amounts));
  const issueAmount = 'issueAmount' in fixed ? fixed.issueAmount : issueFor(terms, fixed.disbursed, baseIof);
  const contractFees = terms.contractFees.map((fee) => chargeFee(fee, issueAmount));
  const fees = Decimal.sum(0, ...contractFees.map((fee) => fee.feeAmount));
  const additionalIof = issueAmount.times(ADDITIONAL_IOF);
  const totalIof =
    'disbursed' in fixed
      ? issueAmount.minus(fixed.disbursed).minus(fees)
      : toCents(baseIof.plus(additionalIof));
  const disbursedIssueAmount = issueAmount.minus(totalIof).minus(fees);
  if (disbursedIssueAmount.lte(0)) return undefined;
  const cost = flowCost(curve.days, amounts, disbursedIssueAmount);
  return {
    disbursementDate: terms.disbursementDate,
    installments: rowsOf(curve, installments, issueAmount),
    rates: ratesOf(curve),
    issueAmount,
    baseIof,
    additionalIof,
    totalIof,
    contractFees,
    externalFees: terms.externalFees.map((fee) => chargeFee(fee, issueAmount)),
    disbursedIssueAmount,
    ...cost,
  };
}

/** The principal out of which tax and fees leave exactly `disbursed`. */
function issueFor(terms: DebtTerms, disbursed: Decimal, baseIof: Decimal): Decimal {
  const kept = shareOf(terms.contractFees).plus(ADDITIONAL_IOF).neg().plus(1);
  return toCents(disbursed.plus(baseIof).plus(fixedOf(terms.contractFees)).div(kept));
}

function ratesOf(curve: Curve): Pricing['rates'] {
  const { rate, interestBase } = curve.terms;
  const monthly =
    'monthly' in rate ? rate.monthly : curve.annual.plus(1).pow(new Decimal(1).div(12)).minus(1);
  return {
    annual: curve.annual,
    monthly: monthly.toDecimalPlaces(8),
    daily: curve.daily.minus(1).toDecimalPlaces(8),
    interestBase,
  };
}

/** Interest runs on the exact principal; what is printed as due starts from the rounded one. */
function rowsOf(
  curve: Curve,
  installments: readonly Installment[],
  issueAmount: Decimal,
): PricedInstallment[] {
  let duePrincipal = issueAmount;
  return curve
    .split(installments.map((each) => each.totalAmount))
    .map(({ interest, amortization, tax }, i) => {
      const installment = itemAt(installments, i);
      const previous = installments[i - 1]?.dueDate ?? curve.terms.disbursementDate;
      const row = {
        ...installment,
        businessDueDate: nextBusinessDay(installment.dueDate, BANK_CALENDAR),
        calendarDays: daysBetween(previous, installment.dueDate),
        workdays: businessDaysBetween(previous, installment.dueDate, BANK_CALENDAR),
        duePrincipal: duePrincipal.toDecimalPlaces(10),
        interest: interest.toDecimalPlaces(10),
        amortization: amortization.toDecimalPlaces(10),
        tax: tax.toSignificantDigits(16),
      };
      duePrincipal = duePrincipal.minus(amortization);
      return row;
    });
}
