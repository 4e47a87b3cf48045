import { calendarDate, Decimal, type Cpf } from '../kernel';
import type { SimulationOrder } from './ports';
import type { ProposalEntity } from './proposal.entity';
import { periodsOf, type StoredSimulation } from './stored';

/**
 * What QI is asked to simulate beside us: for each fee table that gives figures, the withdrawals that ours take. That a
 * target can be reached was found by us; QI then prices the same withdrawals, so that both must come to the same cent.
 */
export function simulationOrders(
  { simulations }: Pick<ProposalEntity, 'simulations'>,
  cpf: Cpf,
): readonly { readonly table: string; readonly order: SimulationOrder }[] {
  return (simulations ?? []).flatMap((simulation) =>
    simulation.figures === null
      ? []
      : [{ table: simulation.fee_table, order: orderOf({ ...simulation, figures: simulation.figures }, cpf) }],
  );
}

function orderOf(
  simulation: StoredSimulation & { readonly figures: NonNullable<StoredSimulation['figures']> },
  cpf: Cpf,
): SimulationOrder {
  return {
    cpf,
    monthlyInterestRate: new Decimal(simulation.monthly_interest_rate),
    periods: periodsOf(simulation.figures.periods),
    disbursementDate: calendarDate(simulation.figures.disbursement_date),
  };
}
