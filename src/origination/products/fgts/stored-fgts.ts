import { calendarDate, Decimal } from '../../../kernel';
import { isOpen, problemOf, type Offer } from '../../domain';
import type { FgtsSimulation, Period } from '../../domain/products/fgts';
import type { BalanceSnapshot, SimulatedFigures } from '../../ports';
import {
  differingFigures,
  storedFigures,
  storedTable,
  theirFigures,
  type StoredFigures,
  type StoredSimulation,
} from '../../stored';

interface StoredPeriod {
  readonly due_date: string;
  readonly amount: string;
}

export interface StoredFgtsBalance {
  readonly reference_date: string | null;
  readonly periods: readonly StoredPeriod[];
  readonly active_contracts: number | null;
  readonly has_unavailable_balance: boolean | null;
}

export interface StoredFgtsSimulation extends StoredSimulation {
  /** As QI rounds it; null without figures. */
  readonly annual_interest_rate: string | null;
  /** What QI is asked beside us: these withdrawals whole, or as much of them as pays out the target. */
  readonly asked: { readonly target: string | null; readonly periods: readonly StoredPeriod[] };
  readonly figures: (StoredFigures & { readonly periods: readonly StoredPeriod[] }) | null;
  readonly qi: (Partial<StoredFigures> & { readonly periods?: readonly StoredPeriod[] }) | null;
}

/** A simulation that has figures. */
export type StoredFgtsOffer = StoredFgtsSimulation & {
  readonly figures: NonNullable<StoredFgtsSimulation['figures']>;
};

/**
 * The withdrawals that the borrower is told and gives: QI's, where it named others. Earlier releases kept no total of QI's, and had
 * ours accepted.
 */
export function offeredPeriods({ figures, qi }: StoredFgtsOffer): readonly StoredPeriod[] {
  return qi?.total_amount === undefined ? figures.periods : (qi.periods ?? figures.periods);
}

export const storedPeriods = (periods: readonly Period[]): StoredPeriod[] =>
  periods.map(({ dueDate, amount }) => ({ due_date: dueDate, amount: amount.toFixed(2) }));

export const periodsOf = (stored: readonly StoredPeriod[]): Period[] =>
  stored.map(({ due_date, amount }) => ({ dueDate: calendarDate(due_date), amount: new Decimal(amount) }));

export function storedBalance(snapshot: BalanceSnapshot): StoredFgtsBalance {
  return {
    reference_date: snapshot.referenceDate ?? null,
    periods: storedPeriods(snapshot.periods),
    active_contracts: snapshot.activeContracts ?? null,
    has_unavailable_balance: snapshot.hasUnavailableBalance ?? null,
  };
}

/** A fee table that the policy refuses keeps its reason and shows no figures. */
export function storedOffer(offer: Offer<FgtsSimulation>): StoredFgtsSimulation {
  const { asked, ...made } = offer.simulation;
  const figures =
    made.kind === 'simulated' ? { ...storedFigures(made.quote), periods: storedPeriods(made.periods) } : null;
  return {
    ...storedTable(asked.table),
    qi: null,
    annual_interest_rate: made.kind === 'simulated' ? made.quote.rates.annual.toFixed() : null,
    asked: {
      target: asked.wish.kind === 'target' ? asked.wish.amount.toFixed(2) : null,
      periods: storedPeriods(asked.periods),
    },
    ...(isOpen(offer) ? { figures } : { figures: null, problem: problemOf(offer) }),
  };
}

/** The same simulation beside QI's figures of it. */
export function besideQi(simulation: StoredFgtsOffer, figures: SimulatedFigures): StoredFgtsSimulation {
  const periods = figures.periods?.length ? storedPeriods(figures.periods) : undefined;
  const qi = { ...theirFigures(figures), ...(periods && { periods }) };
  const differences: string[] = [...differingFigures(simulation.figures, qi)];
  if (periods !== undefined && textOf(periods) !== textOf(simulation.figures.periods))
    differences.push('periods');
  return { ...simulation, qi, differences };
}

const textOf = (periods: readonly StoredPeriod[]): string =>
  periods.map(({ due_date, amount }) => `${due_date} ${amount}`).join();
