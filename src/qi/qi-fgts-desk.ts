import { Inject, Injectable } from '@nestjs/common';
import type { CommandAnswer } from '../commands';
import type { Clock, Cpf, JsonObject } from '../kernel';
import type {
  BalanceSnapshot,
  IssuedDebt,
  IssueOrder,
  OriginationDesk,
  SimulatedFigures,
  SimulationOrder,
} from '../origination';
import { CLOCK, type EngineSettings, type SendingPermit } from '../platform';
import { debtBody, simulationBody } from './fgts-wire';
import { commandAnswerOf } from './qi-answer';
import { QiClient, type QiCall } from './qi-client';
import { readBalanceKey, readBalanceResult, readFigures, readIssuedDebt } from './read-fgts';
import { callOn } from './route';

/** Method and path of each call, as the settings name them: QI's public text does not print all of them. */
export type FgtsRoutes = EngineSettings['qi']['fgts'];
export const FGTS_ROUTES = Symbol('FgtsRoutes');

/** The anticipation of the FGTS anniversary withdrawal, up to the debt: QI manual 004. */
@Injectable()
export class QiFgtsDesk implements OriginationDesk {
  constructor(
    private readonly client: QiClient,
    @Inject(FGTS_ROUTES) private readonly routes: FgtsRoutes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  queryBalance(cpf: Cpf, permit: SendingPermit): Promise<CommandAnswer> {
    return this.#command('query_balance', {}, permit, { document_number: cpf.reveal() });
  }

  readBalance(balanceKey: string, permit: SendingPermit): Promise<CommandAnswer> {
    return this.#command('read_balance', { available_balance_key: balanceKey }, permit);
  }

  cancelQuery(balanceKey: string, permit: SendingPermit): Promise<CommandAnswer> {
    return this.#command('cancel_query', { available_balance_key: balanceKey }, permit);
  }

  simulate(order: SimulationOrder, permit: SendingPermit): Promise<CommandAnswer> {
    const route = order.target === undefined ? 'simulate_maximum' : 'simulate_target';
    return this.#command(route, {}, permit, simulationBody(order));
  }

  issue(order: IssueOrder, permit: SendingPermit): Promise<CommandAnswer> {
    return this.#command('issue', {}, permit, debtBody(order));
  }

  async findIssued(controlKey: string, timeoutMs: number): Promise<CommandAnswer> {
    const call = callOn(this.routes.find_issued, {});
    if (call === undefined) throw new Error('the route of a debt is looked up by no key of its own');
    const exchange = await this.client.exchange({
      ...call,
      query: { requester_identifier_key: controlKey },
      timeoutMs,
    });
    const answer = commandAnswerOf(exchange, 'whole');
    // QI says of what it does not know that it is not found, and that is an answer too.
    return answer.kind === 'rejected' && answer.httpStatus === 404
      ? { kind: 'accepted', httpStatus: 404, body: NOTHING_FOUND }
      : answer;
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

  async #command(
    route: keyof FgtsRoutes,
    keys: Readonly<Record<string, string>>,
    permit: SendingPermit,
    body?: JsonObject,
  ): Promise<CommandAnswer> {
    const on = callOn(this.routes[route], keys);
    if (on === undefined) throw new Error(`the route ${route} asks for a key that the call does not have`);
    const call: QiCall = {
      ...on,
      ...(body && { body }),
      timeoutMs: permit.until.getTime() - this.clock.now().getTime(),
      refusal: () => permit.refusal(),
    };
    return commandAnswerOf(await this.client.exchange(call), 'whole');
  }
}

const NOTHING_FOUND = '{"data":[]}';
