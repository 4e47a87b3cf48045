import { Inject, Injectable } from '@nestjs/common';
import type { CommandAnswer } from '../commands';
import type { Cpf } from '../kernel';
import type {
  BalanceSnapshot,
  FgtsDesk,
  FgtsIssueOrder,
  FgtsSimulationOrder,
  IssuedDebt,
  SimulatedFigures,
} from '../origination';
import type { EngineSettings, SendingPermit } from '../platform';
import { DebtCalls } from './debt-calls';
import { debtBody, simulationBody } from './fgts-wire';
import { readIssuedDebt } from './read-debt';
import { readBalanceKey, readBalanceResult, readFigures } from './read-fgts';

/** Method and path of each call, as the settings name them: QI's public text does not print all of them. */
export type FgtsRoutes = EngineSettings['qi']['fgts'];
export const FGTS_ROUTES = Symbol('FgtsRoutes');

/** The anticipation of the FGTS anniversary withdrawal, up to the debt: QI manual 004. */
@Injectable()
export class QiFgtsDesk implements FgtsDesk {
  constructor(
    private readonly calls: DebtCalls,
    @Inject(FGTS_ROUTES) private readonly routes: FgtsRoutes,
  ) {}

  queryBalance(cpf: Cpf, permit: SendingPermit): Promise<CommandAnswer> {
    return this.calls.command(this.routes.query_balance, permit, { document_number: cpf.reveal() });
  }

  readBalance(available_balance_key: string, permit: SendingPermit): Promise<CommandAnswer> {
    return this.calls.command(this.routes.read_balance, permit, undefined, { available_balance_key });
  }

  cancelQuery(available_balance_key: string, permit: SendingPermit): Promise<CommandAnswer> {
    return this.calls.command(this.routes.cancel_query, permit, undefined, { available_balance_key });
  }

  simulate(order: FgtsSimulationOrder, permit: SendingPermit): Promise<CommandAnswer> {
    const { simulate_maximum, simulate_target } = this.routes;
    const route = order.target === undefined ? simulate_maximum : simulate_target;
    return this.calls.command(route, permit, simulationBody(order));
  }

  issue(order: FgtsIssueOrder, permit: SendingPermit): Promise<CommandAnswer> {
    return this.calls.command(this.routes.issue, permit, debtBody(order));
  }

  findIssued(controlKey: string, timeoutMs: number): Promise<CommandAnswer> {
    return this.calls.findIssued(this.routes.find_issued, controlKey, timeoutMs);
  }

  balanceKeyIn(body: string): string | undefined {
    return readBalanceKey(body);
  }

  snapshotIn(body: string): BalanceSnapshot | undefined {
    return readBalanceResult(body);
  }

  figuresIn(body: string): SimulatedFigures | undefined {
    return readFigures(body);
  }

  issuedIn(body: string): IssuedDebt | 'none' | undefined {
    return readIssuedDebt(body);
  }
}
