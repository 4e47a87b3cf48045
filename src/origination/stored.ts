import { Decimal } from '../kernel';
import type { Fee, Quote } from '../pricing/domain';
import type { FeeTable, Problem } from './domain';
import type { SimulatedFigures } from './ports';

/** What lies in the columns of a proposal. What only one product keeps there, that product reads. */
export type StoredWishes = Readonly<Record<string, unknown>> & { readonly kind: string };
export type StoredBalance = Readonly<Record<string, unknown>>;

export interface StoredFee {
  readonly fee_type: string;
  readonly amount_type: 'percentage' | 'absolute';
  readonly amount: string;
}

/** Our figures of one fee table, or why it gives none. */
export interface StoredSimulation {
  readonly fee_table: string;
  readonly label: string;
  readonly monthly_interest_rate: string;
  readonly price_row: string;
  readonly contract_fees: readonly StoredFee[];
  readonly rebates: readonly StoredFee[];
  readonly problem: Problem | null;
  readonly figures: StoredFigures | null;
  /** What QI's own simulation said of the same; null until it has. */
  readonly qi: Partial<StoredFigures> | null;
  /** Figures in which the two differ; or that QI's could not be read, which is no less a reason to look. */
  readonly differences: readonly string[];
}

export interface StoredFigures {
  readonly disbursement_date: string;
  readonly issue_amount: string;
  readonly disbursed_issue_amount: string;
  readonly iof_amount: string;
  readonly contract_fee_amount: string;
  readonly total_amount: string;
  readonly cet: string;
  readonly annual_cet: string;
}

/** A simulation that has figures. */
export type StoredOffer = StoredSimulation & {
  readonly figures: StoredFigures;
  /** As its acceptance says; left out before there is one, and of those of earlier releases. */
  readonly accepted_at?: string;
};

/** What the borrower is told and gets: QI pays by its own figures, whatever ours are, once a person has let them through. */
export function offeredFigures({ figures, qi }: StoredOffer): StoredFigures {
  return { ...figures, ...qi };
}

export function hasFigures(simulation: StoredSimulation): simulation is StoredOffer {
  return simulation.figures !== null;
}

/** A fee table at one price, before there are figures. */
export function storedTable(table: FeeTable): StoredSimulation & { readonly figures: null } {
  return {
    fee_table: table.id,
    label: table.label,
    monthly_interest_rate: table.monthlyInterestRate.toFixed(),
    price_row: table.priceRow,
    contract_fees: table.contractFees.map(storedFee),
    rebates: table.rebates.map(storedFee),
    problem: null,
    figures: null,
    qi: null,
    differences: [],
  };
}

function storedFee({ feeType, amountType, amount }: Fee): StoredFee {
  return { fee_type: feeType, amount_type: amountType, amount: amount.toFixed() };
}

/** @param stored left out of the orders written down before they held it */
export function feesOf(stored: readonly StoredFee[] = []): Fee[] {
  return stored.map(({ fee_type, amount_type, amount }) => ({
    feeType: fee_type,
    amountType: amount_type,
    amount: new Decimal(amount),
  }));
}

export function storedFigures(quote: Quote): StoredFigures {
  return {
    disbursement_date: quote.disbursementDate,
    issue_amount: quote.issueAmount.toFixed(2),
    disbursed_issue_amount: quote.disbursedIssueAmount.toFixed(2),
    iof_amount: quote.iofAmount.toFixed(2),
    contract_fee_amount: quote.contractFeeAmount.toFixed(2),
    total_amount: Decimal.sum(...quote.schedule().map(({ totalAmount }) => totalAmount)).toFixed(2),
    cet: quote.cet.monthly.toFixed(4),
    annual_cet: quote.cet.annual.toFixed(6),
  };
}

/** Instead of a figure: QI answered, and not with a simulation. */
export const UNREADABLE = 'unreadable';

/** QI's figures in the form of ours, what is paid back by the instalments that it names; what it left out is left out. */
export function theirFigures(theirs: SimulatedFigures): Partial<StoredFigures> {
  const { periods = [] } = theirs;
  return {
    ...(theirs.issueAmount && { issue_amount: theirs.issueAmount.toFixed(2) }),
    ...(theirs.disbursedIssueAmount && { disbursed_issue_amount: theirs.disbursedIssueAmount.toFixed(2) }),
    ...(theirs.totalIof && { iof_amount: theirs.totalIof.toFixed(2) }),
    ...(theirs.contractFeeAmount && { contract_fee_amount: theirs.contractFeeAmount.toFixed(2) }),
    ...(periods.length > 0 && {
      total_amount: Decimal.sum(...periods.map(({ amount }) => amount)).toFixed(2),
    }),
    ...(theirs.monthlyCet && { cet: theirs.monthlyCet.toFixed(4) }),
    ...(theirs.annualCet && { annual_cet: theirs.annualCet.toFixed(6) }),
  };
}

const COMPARED = ['issue_amount', 'disbursed_issue_amount', 'iof_amount', 'cet'] as const;

/** Money is compared to the cent; what QI left out is not compared. */
export function differingFigures(
  ours: StoredFigures,
  theirs: Partial<StoredFigures>,
): readonly (typeof COMPARED)[number][] {
  return COMPARED.filter((field) => theirs[field] !== undefined && theirs[field] !== ours[field]);
}
