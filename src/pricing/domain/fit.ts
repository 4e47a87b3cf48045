import { DateOutsideCalendarError, Decimal, isWholeCents, onceFor, type CalendarDate } from '../../kernel';
import type { PricingContext } from './context';
import type { TaxRates } from './dated-tables';
import type { Fee } from './fees';
import { Loan } from './loan';
import { quotePayout, type Quote, type QuoteRefusal } from './quote';
import type { InterestBase } from './rates';
import type { LoanTerms } from './request';
import { centsDown, centsOf, centsUp, reaisOf, type Cents } from './scaled';

/** What may be changed when the asked loan does not fit, in the order to try. `decline` ends the list. */
export type FitStrategy =
  /** The asked amount over the nearest allowed term, then over longer ones: the first that fits. */
  | 'keep_amount'
  /** The asked term, and the largest amount up to the asked one whose instalment fits. */
  | 'keep_installment'
  /** The largest amount up to the asked one over all allowed terms; of equal amounts the shortest term. */
  | 'max_amount'
  | 'decline';

/** The rate of one rectangle of (term, amount). Bands do not overlap. */
export interface PriceBand {
  readonly id: string;
  /** Both ends included. */
  readonly installments: Range<number>;
  readonly amount: { readonly min: Decimal; readonly below: Decimal | undefined };
  readonly monthlyInterestRate: Decimal;
  readonly rebates: readonly Fee[];
}

export interface Range<Value> {
  readonly min: Value;
  readonly max: Value;
}

/** One request for a loan, and the limits within which it may be answered. */
export interface FitAsk {
  readonly askedAmount: Decimal;
  readonly askedInstallments: number;
  /** The highest instalment to offer: the payroll margin less any tolerance the caller wants to keep. */
  readonly maxInstallment: Decimal;
  readonly disbursementDate: CalendarDate;
  readonly firstDueDate: CalendarDate;
  readonly interestBase: InterestBase;
  readonly contractFees: readonly Fee[];
  readonly strategies: readonly FitStrategy[];
  readonly amountRange: Range<Decimal>;
  readonly installmentsRange: Range<number>;
  readonly priceBands: readonly PriceBand[];
}

export type FitReasonCode =
  | 'amount_not_in_cents'
  | 'amount_below_minimum'
  | 'amount_above_maximum'
  | 'installments_below_minimum'
  | 'installments_above_maximum'
  | 'no_price_band'
  | 'installment_above_limit'
  | QuoteRefusal['code'];

/** Why the asked loan did not fit: what it shows, and the limit it breaks where there is one number for it. */
export interface FitReason {
  readonly code: FitReasonCode;
  readonly observed: Decimal;
  readonly required: Decimal | undefined;
}

export interface FittedOffer {
  readonly kind: 'fitted';
  readonly strategy: 'as_asked' | Exclude<FitStrategy, 'decline'>;
  readonly amount: Decimal;
  readonly numberOfInstallments: number;
  readonly bandId: string;
  readonly monthlyInterestRate: Decimal;
  readonly quote: Quote;
  /** Empty for `as_asked`. */
  readonly reasons: readonly FitReason[];
}

export interface DoesNotFit {
  readonly kind: 'does_not_fit';
  readonly reasons: readonly FitReason[];
}

/**
 * The best offer within the limits: the asked loan, or what the first helpful strategy makes of it.
 * Exact at the cent: for the amount-seeking strategies one cent more does not fit, or is more than was asked or allowed.
 */
export function fitOffer(ask: FitAsk, context: PricingContext): FittedOffer | DoesNotFit {
  if (!isWholeCents(ask.askedAmount)) return doesNotFit([reason('amount_not_in_cents', ask.askedAmount)]);
  const taxes = context.taxRatesOn(ask.disbursementDate);
  if (taxes === undefined) return doesNotFit([reason('no_tax_rates', ask.askedAmount)]);
  try {
    return new Fitting(ask, taxes, context).best();
  } catch (error) {
    if (!(error instanceof DateOutsideCalendarError)) throw error;
    return doesNotFit([reason('outside_calendar', new Decimal(ask.askedInstallments))]);
  }
}

interface Candidate {
  readonly amount: Cents;
  readonly installments: number;
  readonly band: PriceBand;
  /** Where it is known already; what fees eat has none. */
  readonly installment?: Cents | undefined;
}

class Fitting {
  private readonly asked: Cents;
  private readonly limit: Cents;
  private readonly amounts: Range<Cents>;

  constructor(
    private readonly ask: FitAsk,
    private readonly taxes: TaxRates,
    private readonly context: PricingContext,
  ) {
    this.asked = centsOf(ask.askedAmount);
    this.limit = centsDown(ask.maxInstallment);
    this.amounts = amountsIn(ask.amountRange);
  }

  best(): FittedOffer | DoesNotFit {
    const asked = this.askedCandidate();
    const reasons = this.whyNotAsked(asked);
    if (reasons.length === 0) {
      const offer = this.offer('as_asked', asked, []);
      if (typeof offer !== 'string') return offer;
      reasons.push(reason(offer, this.ask.askedAmount));
    }
    for (const strategy of this.ask.strategies) {
      if (strategy === 'decline') break;
      const offer = this.offer(strategy, this.candidate(strategy), reasons);
      if (typeof offer !== 'string') return offer;
    }
    return doesNotFit(reasons);
  }

  private candidate(strategy: Exclude<FitStrategy, 'decline'>): Candidate | undefined {
    switch (strategy) {
      case 'keep_amount':
        return this.keepAmount();
      case 'keep_installment':
        return this.largestOver(this.ask.askedInstallments);
      case 'max_amount':
        return this.largestOverAllTerms();
    }
  }

  private whyNotAsked(candidate: Candidate | undefined): FitReason[] {
    const { askedAmount, askedInstallments, amountRange, installmentsRange, maxInstallment } = this.ask;
    const reasons: FitReason[] = [];
    if (askedAmount.lt(amountRange.min)) {
      reasons.push(reason('amount_below_minimum', askedAmount, amountRange.min));
    }
    if (askedAmount.gt(amountRange.max)) {
      reasons.push(reason('amount_above_maximum', askedAmount, amountRange.max));
    }
    const terms = new Decimal(askedInstallments);
    if (askedInstallments < installmentsRange.min) {
      reasons.push(reason('installments_below_minimum', terms, new Decimal(installmentsRange.min)));
    }
    if (askedInstallments > installmentsRange.max) {
      reasons.push(reason('installments_above_maximum', terms, new Decimal(installmentsRange.max)));
    }
    if (candidate === undefined) return [...reasons, reason('no_price_band', askedAmount)];
    const { installment } = candidate;
    if (installment === undefined) return [...reasons, reason('fees_exceed_loan', askedAmount)];
    if (installment > this.limit) {
      reasons.push(reason('installment_above_limit', reaisOf(installment), maxInstallment));
    }
    return reasons;
  }

  private keepAmount(): Candidate | undefined {
    if (this.asked < this.amounts.min || this.asked > this.amounts.max) return undefined;
    const { min, max } = this.ask.installmentsRange;
    const nearest = Math.min(Math.max(this.ask.askedInstallments, min), max);
    for (let installments = nearest; installments <= max; installments += 1) {
      const band = this.bandFor(installments);
      if (band === undefined) continue;
      const installment = this.loan(band).installmentWithin(this.limit, this.asked, installments);
      if (installment !== undefined) return { amount: this.asked, installments, band, installment };
    }
    return undefined;
  }

  private largestOverAllTerms(): Candidate | undefined {
    const { min, max } = this.ask.installmentsRange;
    let largest: Candidate | undefined;
    for (let installments = min; installments <= max; installments += 1) {
      const candidate = this.largestOver(installments);
      if (candidate !== undefined && candidate.amount > (largest?.amount ?? 0n)) largest = candidate;
    }
    return largest;
  }

  /** The largest allowed amount, up to the asked one, whose instalment over this term fits. */
  private largestOver(installments: number): Candidate | undefined {
    const { min, max } = this.ask.installmentsRange;
    if (installments < min || installments > max) return undefined;
    let largest: Candidate | undefined;
    for (const band of this.ask.priceBands) {
      if (!coversTerm(band, installments)) continue;
      const amount = this.largestWithin(band, installments);
      if (amount !== undefined && amount > (largest?.amount ?? 0n)) largest = { amount, installments, band };
    }
    return largest;
  }

  private largestWithin(band: PriceBand, installments: number): Cents | undefined {
    const loan = this.loan(band);
    const fitting = loan.largestPayout(this.limit, installments);
    if (fitting === undefined) return undefined;
    const { min, below } = boundsOf(band);
    const ceilings = [fitting, this.asked, this.amounts.max];
    if (below !== undefined) ceilings.push(below - 1n);
    const amount = ceilings.reduce((least, ceiling) => (ceiling < least ? ceiling : least));
    return amount >= min && amount >= this.amounts.min ? amount : undefined;
  }

  /** The price of the asked amount over a term. */
  private bandFor(installments: number): PriceBand | undefined {
    return this.ask.priceBands.find(
      (band) => coversTerm(band, installments) && coversAmount(band, this.asked),
    );
  }

  private askedCandidate(): Candidate | undefined {
    const installments = this.ask.askedInstallments;
    const band = this.bandFor(installments);
    if (band === undefined) return undefined;
    const installment = this.loan(band).installmentFor(this.asked, installments);
    return { amount: this.asked, installments, band, installment };
  }

  private loan(band: PriceBand): Loan {
    const known = this.context.loans.get(band);
    if (known !== undefined && this.isOpenFor(known)) return known;
    const loan = Loan.open(this.terms(band), { first: this.ask.firstDueDate }, this.taxes, this.context);
    this.context.loans.set(band, loan);
    return loan;
  }

  private isOpenFor({ terms, curve }: Loan): boolean {
    const { disbursementDate, firstDueDate, interestBase, contractFees } = this.ask;
    return (
      terms.disbursementDate === disbursementDate &&
      terms.interestBase === interestBase &&
      terms.contractFees === contractFees &&
      curve.dueDates.at(0).date === firstDueDate
    );
  }

  private terms(band: PriceBand): LoanTerms {
    const { disbursementDate, interestBase, contractFees } = this.ask;
    const rate = { kind: 'monthly', value: band.monthlyInterestRate } as const;
    return { disbursementDate, interestBase, contractFees, rebates: band.rebates, rate };
  }

  /** The offer, or the code of why there is none. */
  private offer(
    strategy: FittedOffer['strategy'],
    candidate: Candidate | undefined,
    reasons: readonly FitReason[],
  ): FittedOffer | FitReasonCode {
    if (candidate === undefined) return 'installment_above_limit';
    const { band, installments, amount, installment } = candidate;
    const priced = quotePayout(this.loan(band), amount, installments, installment);
    if (priced.kind === 'refused') return priced.refusal.code;
    return {
      kind: 'fitted',
      strategy,
      amount: reaisOf(amount),
      numberOfInstallments: installments,
      bandId: band.id,
      monthlyInterestRate: band.monthlyInterestRate,
      quote: priced.quote,
      reasons,
    };
  }
}

function coversTerm({ installments: { min, max } }: PriceBand, installments: number): boolean {
  return min <= installments && installments <= max;
}

function coversAmount(band: PriceBand, amount: Cents): boolean {
  const { min, below } = boundsOf(band);
  return min <= amount && (below === undefined || amount < below);
}

/** A band's amounts in cents. */
const boundsOf = onceFor(({ amount: { min, below } }: PriceBand) => ({
  min: centsUp(min),
  below: below === undefined ? undefined : centsUp(below),
}));

/** The allowed amounts in cents. */
const amountsIn = onceFor(({ min, max }: Range<Decimal>) => ({ min: centsUp(min), max: centsDown(max) }));

function doesNotFit(reasons: readonly FitReason[]): DoesNotFit {
  return { kind: 'does_not_fit', reasons };
}

function reason(code: FitReasonCode, observed: Decimal, required?: Decimal): FitReason {
  return { code, observed, required };
}
