import { assert, DateOutsideCalendarError, Decimal, itemAt, type CalendarDate } from '../../kernel';
import type { PricingContext } from './context';
import { RATE_SCALE, RATE_SCALE_DECIMALS, type TaxRates } from './dated-tables';
import { sum, type Fee } from './fees';
import { equalFlow, listedFlow, totalOf, type Flow } from './flow';
import { divideRounded, roundFixed, roundRatio, type Fixed } from './fixed-point';
import { Loan, type FlowValue } from './loan';
import { expectedFlow } from './prepayment';
import type { Rates } from './rates';
import type { FlowInstallment, QuoteRequest } from './request';
import { centsOf, decimalOf, reaisOf, SCHEDULE_DECIMALS, type Cents } from './scaled';
import { principalUnits, scheduleOf, UNITS_PER_CENT, type ScheduleRow } from './schedule';
import {
  dailyDiscountOf,
  effectiveRate,
  effectiveRateOf,
  hasEffectiveRate,
  presentValue,
  type EffectiveRate,
} from './yield';

/** A well-formed question without an answer. */
export interface QuoteRefusal {
  readonly code:
    /** No tax table covers the day of disbursement. */
    | 'no_tax_rates'
    /** A date lies outside the holiday calendar. */
    | 'outside_calendar'
    /** IOF and fees leave the borrower nothing. */
    | 'fees_exceed_loan'
    /** The instalment would round to nothing. */
    | 'installment_below_cent'
    /** The given instalments pay out less than the target, even all of them. */
    | 'target_unattainable'
    /** The effective cost is above 1000% a month. */
    | 'cost_out_of_range';
  /** The field of the request to change. */
  readonly path: string;
  readonly message: string;
}

export type QuoteResult =
  | { readonly kind: 'quoted'; readonly quote: Quote }
  | { readonly kind: 'refused'; readonly refusal: QuoteRefusal };

const NOTHING = new Decimal(0);

/** The money of a loan in whole cents. */
interface Settlement {
  readonly flow: Flow;
  readonly issueAmount: Cents;
  readonly disbursed: Cents;
  readonly iof: Cents;
  readonly contractFees: readonly Cents[];
  readonly presentValue: Fixed;
  readonly tax: Fixed;
}

/** A fee and what it comes to, in reais. */
export interface ChargedFee extends Fee {
  readonly feeAmount: Decimal;
}

/** A rebate: the fee, the tax on it and what is left of it, in reais. */
export interface ChargedRebate extends ChargedFee {
  readonly taxAmount: Decimal;
  readonly netFeeAmount: Decimal;
}

/** A priced loan. Amounts in reais, to the cent unless said otherwise; rates are fractions. */
export class Quote {
  private knownCet: EffectiveRate | undefined;

  constructor(
    private readonly loan: Loan,
    private readonly money: Settlement,
  ) {}

  /** CET: what the loan costs the borrower, taxes and fees included. Computed when asked for, and kept. */
  get cet(): EffectiveRate {
    const { disbursed, flow } = this.money;
    this.knownCet ??= effectiveRate(disbursed, flow, this.loan.curve);
    assert(this.knownCet !== undefined, 'a loan without an effective rate is refused');
    return this.knownCet;
  }
  get disbursementDate(): CalendarDate {
    return this.loan.terms.disbursementDate;
  }
  get firstDueDate(): CalendarDate {
    return this.loan.curve.dueDates.at(0).date;
  }
  get dueDates(): CalendarDate[] {
    const { dueDates } = this.loan.curve;
    return this.money.flow.amounts.map((_, index) => dueDates.at(index).date);
  }
  get lastDueDate(): CalendarDate {
    return this.loan.curve.dueDates.at(this.numberOfInstallments - 1).date;
  }
  get numberOfInstallments(): number {
    return this.money.flow.amounts.length;
  }
  get rates(): Rates {
    return this.loan.curve.rates;
  }
  /** The instalment when all are equal. */
  get installmentFaceValue(): Decimal | undefined {
    const { equal, amounts } = this.money.flow;
    const [first = 0n] = amounts;
    return equal !== undefined || amounts.every((amount) => amount === first) ? reaisOf(first) : undefined;
  }
  get issueAmount(): Decimal {
    return reaisOf(this.money.issueAmount);
  }
  /** What the borrower receives: the issue amount less IOF and contract fees. */
  get disbursedIssueAmount(): Decimal {
    return reaisOf(this.money.disbursed);
  }
  get iofAmount(): Decimal {
    return reaisOf(this.money.iof);
  }
  /** Daily IOF over all instalments, to 10 decimals. */
  get baseIof(): Decimal {
    const scaled = this.money.tax * this.loan.taxes.dailyIof * UNITS_PER_CENT;
    return decimalOf(roundFixed(divideRounded(scaled, RATE_SCALE)), SCHEDULE_DECIMALS);
  }
  /** Flat IOF on the issue amount, exact. */
  get additionalIof(): Decimal {
    return decimalOf(this.money.issueAmount * this.loan.taxes.flatIof, RATE_SCALE_DECIMALS + 2);
  }
  get contractFees(): ChargedFee[] {
    return this.loan.terms.contractFees.map((fee, index) => ({
      ...fee,
      feeAmount: reaisOf(itemAt(this.money.contractFees, index)),
    }));
  }
  get contractFeeAmount(): Decimal {
    return reaisOf(sum(this.money.contractFees));
  }
  get rebates(): ChargedRebate[] {
    const amounts = this.rebateAmounts();
    return this.loan.terms.rebates.map((fee, index) => {
      const amount = itemAt(amounts, index);
      const tax = this.taxOnRebate(amount);
      return {
        ...fee,
        feeAmount: reaisOf(amount),
        taxAmount: reaisOf(tax),
        netFeeAmount: reaisOf(amount - tax),
      };
    });
  }
  get rebateAmount(): Decimal {
    return reaisOf(sum(this.rebateAmounts()));
  }
  get netRebateAmount(): Decimal {
    return reaisOf(sum(this.rebateAmounts().map((amount) => amount - this.taxOnRebate(amount))));
  }
  /** What the purchaser of the debt pays for it: the issue amount and the rebates. */
  get assignmentAmount(): Decimal {
    return reaisOf(this.money.issueAmount + sum(this.rebateAmounts()));
  }
  /** Interest over the whole term, to 10 decimals. */
  get totalPreFixedAmount(): Decimal {
    const { flow, presentValue } = this.money;
    return decimalOf(totalOf(flow) * UNITS_PER_CENT - principalUnits(presentValue), SCHEDULE_DECIMALS);
  }
  /** Computed when asked for: most users of a quote need no more than its totals. */
  schedule(): ScheduleRow[] {
    const { flow, issueAmount, presentValue } = this.money;
    return scheduleOf(this.loan, flow.amounts, issueAmount, presentValue);
  }
  /** All instalments, in reais. */
  get totalInstallments(): Decimal {
    return reaisOf(totalOf(this.money.flow));
  }
  /**
   * What all instalments are worth today at a monthly rate (compounded as the CET is), to the cent.
   * @param prepaid share of what is owed that is paid ahead on each due date
   */
  presentValueAt(monthlyRate: Decimal, prepaid = NOTHING): Decimal {
    const dates = this.loan.curve.dueDates.upTo(this.numberOfInstallments);
    return reaisOf(
      roundFixed(presentValue(this.expected(prepaid), dates, dailyDiscountOf(monthlyRate)).value),
    );
  }
  /** The yield of buying the debt at `price`: of all instalments, paid on their due dates or `prepaid`. */
  yieldAt(price: Decimal, prepaid = NOTHING): EffectiveRate | undefined {
    const { curve } = this.loan;
    return prepaid.isZero()
      ? effectiveRate(centsOf(price), this.money.flow, curve)
      : effectiveRateOf(centsOf(price), this.expected(prepaid), curve);
  }

  private expected(prepaid: Decimal): readonly Fixed[] {
    const { amounts } = this.money.flow;
    return expectedFlow(amounts, this.loan.curve.upTo(amounts.length), prepaid);
  }

  private rebateAmounts(): Cents[] {
    return this.loan.rebates.amountsOn(this.money.issueAmount);
  }
  private taxOnRebate(amount: Cents): Cents {
    return divideRounded(amount * this.loan.taxes.rebateTax, RATE_SCALE);
  }
}

/** Prices one request. Never throws for a request that `parseQuoteRequest` let through. */
export function quote(request: QuoteRequest, context: PricingContext): QuoteResult {
  const taxes = context.taxRatesOn(request.disbursementDate);
  if (taxes === undefined) {
    return refuse(
      'no_tax_rates',
      'disbursement_date',
      `no tax rates are on file for ${request.disbursementDate}`,
    );
  }
  try {
    return priceShape(request, taxes, context);
  } catch (error) {
    if (!(error instanceof DateOutsideCalendarError)) throw error;
    return refuse('outside_calendar', datesPath(request), error.message);
  }
}

function priceShape(request: QuoteRequest, taxes: TaxRates, context: PricingContext): QuoteResult {
  const { shape } = request;
  const plan =
    'firstDueDate' in shape
      ? { first: shape.firstDueDate }
      : { listed: shape.installments.map(({ dueDate }) => dueDate) };
  const loan = Loan.open(request, plan, taxes, context);
  switch (shape.kind) {
    case 'installments':
      return priceFlow(loan, listedFlow(amountsOf(shape.installments)));
    case 'installment_face_value':
      return priceFlow(loan, equalFlow(centsOf(shape.installmentFaceValue), shape.numberOfInstallments));
    case 'disbursed_issue_amount':
      return quotePayout(loan, centsOf(shape.disbursedIssueAmount), shape.numberOfInstallments);
    case 'target_disbursed_amount':
      return priceTarget(loan, centsOf(shape.targetDisbursedAmount), amountsOf(shape.installments));
  }
}

function amountsOf(installments: readonly FlowInstallment[]): Cents[] {
  return installments.map(({ totalAmount }) => centsOf(totalAmount));
}

/** Shapes 1 and 2: the instalments are given, the issue amount is their present value rounded to the cent. */
function priceFlow(loan: Loan, flow: Flow): QuoteResult {
  const worth = loan.flow(flow);
  const issueAmount = roundFixed(worth.value);
  return settle(loan, flow, worth, issueAmount, loan.disbursed(worth.tax, issueAmount));
}

/**
 * Shape 3: the payout is given; equal instalments and the issue amount follow.
 * @param installment for a caller who knows it already.
 */
export function quotePayout(
  loan: Loan,
  disbursed: Cents,
  count: number,
  installment = loan.installmentFor(disbursed, count),
): QuoteResult {
  if (installment === undefined) return feesExceedLoan();
  if (installment === 0n) return belowCent('disbursed_issue_amount');
  return settlePayout(loan, equalFlow(installment, count), disbursed);
}

/** Shape 4: the payout is given; instalments are taken in due order up to their bounds, the last one partly. */
function priceTarget(loan: Loan, disbursed: Cents, bounds: readonly Cents[]): QuoteResult {
  const all = loan.flow(listedFlow(bounds));
  const attainable = loan.disbursed(all.tax, roundFixed(all.value));
  if (disbursed > attainable) {
    const most = attainable > 0n ? reaisOf(attainable).toFixed(2) : '0.00';
    return refuse('target_unattainable', 'target_disbursed_amount', `all the instalments pay out ${most}`);
  }
  const taken = takeUpTo(loan, disbursed, bounds);
  if (taken === undefined) return feesExceedLoan();
  if (taken.length === 0) return belowCent('target_disbursed_amount');
  return settlePayout(loan, listedFlow(taken), disbursed);
}

/** The bounds in order while they pay out no more than `disbursed`, and the part of the next that makes it up. */
function takeUpTo(loan: Loan, disbursed: Cents, bounds: readonly Cents[]): Cents[] | undefined {
  let missing = loan.grossNeed(disbursed);
  const taken: Cents[] = [];
  for (const [index, bound] of bounds.entries()) {
    const perCent = loan.netValue(loan.curve.at(index));
    if (perCent === undefined) return undefined;
    if (missing <= bound * perCent) {
      const part = roundRatio(missing, perCent);
      if (part > 0n) taken.push(part);
      return taken;
    }
    taken.push(bound);
    missing -= bound * perCent;
  }
  return taken;
}

/** The payout is kept to the cent: the issue amount is what, less its IOF and fees, leaves exactly it. */
function settlePayout(loan: Loan, flow: Flow, disbursed: Cents): QuoteResult {
  const worth = loan.flow(flow);
  return settle(loan, flow, worth, loan.issueAmountFor(disbursed, worth.tax), disbursed);
}

function settle(
  loan: Loan,
  flow: Flow,
  { value, tax }: FlowValue,
  issueAmount: Cents,
  disbursed: Cents,
): QuoteResult {
  if (disbursed <= 0n) return feesExceedLoan();
  if (!hasEffectiveRate(disbursed, flow, loan.curve)) {
    return refuse('cost_out_of_range', 'contract_fees', 'the effective cost is above 1000% a month');
  }
  const money: Settlement = {
    flow,
    issueAmount,
    disbursed,
    iof: loan.iof(tax, issueAmount),
    contractFees: loan.contractFees.amountsOn(issueAmount),
    presentValue: value,
    tax,
  };
  return { kind: 'quoted', quote: new Quote(loan, money) };
}

function belowCent(path: string): QuoteResult {
  return refuse('installment_below_cent', path, 'the instalment would be below one cent');
}

function feesExceedLoan(): QuoteResult {
  return refuse('fees_exceed_loan', 'contract_fees', 'taxes and fees leave the borrower nothing');
}

function refuse(code: QuoteRefusal['code'], path: string, message: string): QuoteResult {
  return { kind: 'refused', refusal: { code, path, message } };
}

function datesPath({ shape }: QuoteRequest): string {
  return 'firstDueDate' in shape ? 'first_due_date' : 'installments';
}
