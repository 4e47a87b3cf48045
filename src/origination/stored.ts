import type { z } from 'zod';
import { calendarDate, Decimal } from '../kernel';
import type { wishesSchema } from './domain';
import { isOpen, problemOf, type FgtsOffer, type FgtsSimulation, type Period } from './domain/products/fgts';
import type { BalanceSnapshot, SimulatedFigures } from './ports';

export type StoredWishes = z.input<typeof wishesSchema>;

export interface StoredPeriod {
  readonly due_date: string;
  readonly amount: string;
}

export interface StoredBalance {
  readonly reference_date: string | null;
  readonly periods: readonly StoredPeriod[];
  readonly active_contracts: number | null;
  readonly has_unavailable_balance: boolean | null;
}

interface StoredFee {
  readonly fee_type: string;
  readonly amount_type: 'percentage' | 'absolute';
  readonly amount: string;
}

/** Our figures of one fee table, or why it gives none. */
export interface StoredSimulation {
  readonly fee_table: string;
  readonly label: string;
  readonly monthly_interest_rate: string;
  /** As QI rounds it; null without figures. */
  readonly annual_interest_rate: string | null;
  readonly price_row: string;
  /** What QI is asked beside us: these withdrawals whole, or as much of them as pays out the target. */
  readonly asked: { readonly target: string | null; readonly periods: readonly StoredPeriod[] };
  readonly contract_fees: readonly StoredFee[];
  readonly rebates: readonly StoredFee[];
  readonly problem: { readonly path: string; readonly message: string } | null;
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
  readonly periods: readonly StoredPeriod[];
}

/** The simulation that the borrower has accepted. */
export type StoredOffer = StoredSimulation & { readonly figures: StoredFigures };

export const storedPeriods = (periods: readonly Period[]): StoredPeriod[] =>
  periods.map(({ dueDate, amount }) => ({ due_date: dueDate, amount: amount.toFixed(2) }));

export const periodsOf = (stored: readonly StoredPeriod[]): Period[] =>
  stored.map(({ due_date, amount }) => ({ dueDate: calendarDate(due_date), amount: new Decimal(amount) }));

export function storedBalance(snapshot: BalanceSnapshot): StoredBalance {
  return {
    reference_date: snapshot.referenceDate ?? null,
    periods: storedPeriods(snapshot.periods),
    active_contracts: snapshot.activeContracts ?? null,
    has_unavailable_balance: snapshot.hasUnavailableBalance ?? null,
  };
}

/** A fee table that the policy refuses keeps its reason and shows no figures. */
export function storedOffer(offer: FgtsOffer): StoredSimulation {
  const stored = storedSimulation(offer.simulation);
  return isOpen(offer) ? stored : { ...stored, figures: null, problem: problemOf(offer) };
}

export function storedSimulation(made: FgtsSimulation): StoredSimulation {
  const { table } = made.asked;
  const fees = (list: typeof table.contractFees): StoredFee[] =>
    list.map(({ feeType, amountType, amount }) => ({
      fee_type: feeType,
      amount_type: amountType,
      amount: amount.toFixed(),
    }));
  return {
    fee_table: table.id,
    label: table.label,
    monthly_interest_rate: table.monthlyInterestRate.toFixed(),
    annual_interest_rate: made.kind === 'refused' ? null : made.quote.rates.annual.toFixed(),
    price_row: table.priceRow,
    asked: {
      target: made.asked.wish.kind === 'target' ? made.asked.wish.amount.toFixed(2) : null,
      periods: storedPeriods(made.asked.periods),
    },
    contract_fees: fees(table.contractFees),
    rebates: fees(table.rebates),
    problem: made.kind === 'refused' ? made.problem : null,
    figures: made.kind === 'refused' ? null : figuresOf(made),
    qi: null,
    differences: [],
  };
}

function figuresOf({ quote, periods }: Extract<FgtsSimulation, { kind: 'simulated' }>): StoredFigures {
  return {
    disbursement_date: quote.disbursementDate,
    issue_amount: quote.issueAmount.toFixed(2),
    disbursed_issue_amount: quote.disbursedIssueAmount.toFixed(2),
    iof_amount: quote.iofAmount.toFixed(2),
    contract_fee_amount: quote.contractFeeAmount.toFixed(2),
    total_amount: Decimal.sum(...periods.map(({ amount }) => amount)).toFixed(2),
    cet: quote.cet.monthly.toFixed(4),
    annual_cet: quote.cet.annual.toFixed(6),
    periods: storedPeriods(periods),
  };
}

/** Instead of a figure: QI answered, and not with a simulation. */
export const UNREADABLE = 'unreadable';

/** The same simulation beside QI's figures of it. Money is compared to the cent; what QI left out is not compared. */
export function besideQi(simulation: StoredOffer, theirs: SimulatedFigures): StoredSimulation {
  const qi = {
    ...(theirs.issueAmount && { issue_amount: theirs.issueAmount.toFixed(2) }),
    ...(theirs.disbursedIssueAmount && { disbursed_issue_amount: theirs.disbursedIssueAmount.toFixed(2) }),
    ...(theirs.totalIof && { iof_amount: theirs.totalIof.toFixed(2) }),
    ...(theirs.monthlyCet && { cet: theirs.monthlyCet.toFixed(4) }),
    ...(theirs.periods.length > 0 && { periods: storedPeriods(theirs.periods) }),
  };
  const differences = (['issue_amount', 'disbursed_issue_amount', 'iof_amount', 'cet'] as const).filter(
    (field) => qi[field] !== undefined && qi[field] !== simulation.figures[field],
  );
  const periodsDiffer = qi.periods !== undefined && textOf(qi.periods) !== textOf(simulation.figures.periods);
  return { ...simulation, qi, differences: periodsDiffer ? [...differences, 'periods'] : differences };
}

const textOf = (periods: readonly StoredPeriod[]): string =>
  periods.map(({ due_date, amount }) => `${due_date} ${amount}`).join();
