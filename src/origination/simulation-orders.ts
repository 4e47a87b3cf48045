import { calendarDate, Decimal, type Cpf } from '../kernel';
import type { SimulationOrder } from './ports';
import type { ProposalEntity } from './proposal.entity';
import { periodsOf } from './stored';

/** What QI is asked to simulate beside us, for each fee table that gives figures: the same wish on the same withdrawals. */
export function simulationOrders(
  { simulations }: Pick<ProposalEntity, 'simulations'>,
  cpf: Cpf,
): readonly { readonly table: string; readonly order: SimulationOrder }[] {
  return (simulations ?? []).flatMap(({ fee_table, figures, asked, annual_interest_rate }) =>
    figures === null || annual_interest_rate === null
      ? []
      : [
          {
            table: fee_table,
            order: {
              cpf,
              target: asked.target === null ? undefined : new Decimal(asked.target),
              periods: periodsOf(asked.periods),
              annualInterestRate: new Decimal(annual_interest_rate),
              disbursementDate: calendarDate(figures.disbursement_date),
            },
          },
        ],
  );
}
