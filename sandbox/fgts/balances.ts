import { randomUUID } from 'node:crypto';
import { addDays, calendarDate, type CalendarDate, type JsonObject } from '../../src/kernel';
import { empty, ok, refusal, type Answer, type CallContext } from '../answer';
import type { Behaviour } from '../behaviour';
import { businessToday } from '../business-clock';
import { secondBusinessDayOfNextMonth } from '../business-days';
import type { Plans } from '../debts/plan';
import { schemaError } from '../debts/financial';
import { isCpf, isText } from '../fields';
import { isoWithoutZone } from '../printed-time';
import { Shelf } from '../shelf';
import type { Timeline } from '../timeline';
import type { BalanceQuery, QueryResult } from './balance-query';
import type { Caixa, Period } from './caixa';
import type { FgtsPlan } from './fgts-plan';
import { balanceOutcome } from './outcomes';
import * as payload from './payloads';

interface Surroundings {
  readonly behaviour: () => Behaviour;
  readonly timeline: Timeline;
  readonly caixa: Caixa;
  readonly plans: Plans<FgtsPlan>;
  readonly send: (key: string, write: (printedAt: Date) => JsonObject) => void;
}

const DAYS_OF_AN_AUTHORIZATION = 90;

/** Queries of what may be pledged: asked for now, answered by webhook a step later. */
export class FgtsBalances extends Shelf<BalanceQuery> {
  constructor(private readonly around: Surroundings) {
    super(
      () => around.behaviour().keep.queries,
      (query) => query.status !== 'pending',
    );
  }

  ask(body: JsonObject, context: CallContext): Answer {
    const cpf = body['document_number'];
    if (!isText(cpf)) return schemaError({ document_number: 'required' });
    if (!isCpf(cpf)) return badCpf();
    const pending = this.all().find((query) => query.documentNumber === cpf && query.status === 'pending');
    if (pending?.heard === true)
      context.violation('query_while_pending', pending.key, 'a query of this CPF has not been answered yet');
    const query: BalanceQuery = {
      key: randomUUID(),
      documentNumber: cpf,
      askedAt: context.at,
      heard: context.heard,
      status: 'pending',
      result: undefined,
    };
    this.put(query.key, query);
    const plan = this.around.plans.of(cpf);
    const behaviour = this.around.behaviour();
    const outcome = plan?.balance.shift() ?? this.#usualOutcome(cpf);
    this.around.timeline.after(plan?.step_seconds ?? behaviour.pace.step_seconds, () => {
      this.finish(query, outcome);
    });
    return ok(payload.queryPending(query));
  }

  read(key: string, context: CallContext): Answer {
    const query = this.find(key);
    if (query === undefined) return unknownQuery(key, context);
    return ok(payload.queryResult(query, this.around.caixa.activeContracts(query.documentNumber)));
  }

  cancel(key: string, context: CallContext): Answer {
    const query = this.find(key);
    if (query === undefined) return unknownQuery(key, context);
    if (query.status !== 'pending') return refusal(400, `Query is not pending: ${query.status}`, 'LEG000069');
    query.status = 'canceled';
    return empty();
  }

  /** The synchronous check, which knows only those whom QI has asked Caixa about. */
  authorization(cpf: string): Answer {
    if (!isCpf(cpf)) return badCpf();
    const queries = this.all().filter((query) => query.documentNumber === cpf && query.result !== undefined);
    const known = queries.length > 0 ? this.#authorizationBy(queries) : 'unknown';
    const status = this.around.plans.of(cpf)?.authorization ?? known;
    if (status === 'unknown') return refusal(404, 'Issuer not found', 'LEG000013');
    const asked = queries.at(-1)?.askedAt ?? this.around.timeline.now();
    return ok({
      authorization_limit_date:
        status === 'authorized' ? addDays(this.#today, DAYS_OF_AN_AUTHORIZATION) : null,
      last_checked_at: isoWithoutZone(asked),
      status,
    });
  }

  /** The withdrawals of the newest answered query. */
  lastKnown(cpf: string): readonly Period[] | undefined {
    const found = this.all().filter(
      (query) => query.documentNumber === cpf && query.result?.kind === 'success',
    );
    const result = found.at(-1)?.result;
    return result?.kind === 'success' ? result.periods : undefined;
  }

  /** Until when Caixa refuses requests about this CPF, if it does. */
  lockedUntil(cpf: string): CalendarDate | undefined {
    const until = this.around.plans.of(cpf)?.locked_until;
    return until !== undefined && this.#today < until ? calendarDate(until) : undefined;
  }

  finish(query: BalanceQuery, outcome: string): void {
    if (query.status !== 'pending' || outcome === 'never') return;
    query.result = this.#resultOf(query.documentNumber, outcome);
    query.status = query.result.kind;
    const type = this.around.behaviour().contract.fgts.balance_webhook;
    this.around.send(query.key, (at) => payload.queryNews(query, at, type));
  }

  /** The pending query of a CPF, ended by a test. */
  advance(cpf: string, outcome: string): boolean {
    const pending = this.all().find((query) => query.documentNumber === cpf && query.status === 'pending');
    if (pending !== undefined) this.finish(pending, outcome);
    return pending !== undefined;
  }

  #usualOutcome(cpf: string): string {
    if (this.lockedUntil(cpf) !== undefined) return 'on_locked_date_range';
    return balanceOutcome(cpf, this.around.behaviour().contract.fgts.balance_rule);
  }

  #resultOf(cpf: string, outcome: string): QueryResult {
    if (outcome !== 'success' && outcome !== 'empty') {
      const permittedFrom = outcome === 'on_locked_date_range' ? this.#permittedFrom(cpf) : undefined;
      return { kind: 'failed', enumerator: outcome, permittedFrom };
    }
    const foreseen = this.around.caixa.foreseen(cpf, this.#today, this.around.plans.of(cpf));
    return {
      kind: 'success',
      referenceDate: this.#today,
      periods: outcome === 'empty' ? [] : this.around.caixa.available(cpf, foreseen),
    };
  }

  #permittedFrom(cpf: string): CalendarDate {
    const configured = this.around.behaviour().contract.fgts.locked_until;
    return (
      this.lockedUntil(cpf) ??
      (configured === null ? secondBusinessDayOfNextMonth(this.#today) : calendarDate(configured))
    );
  }

  #authorizationBy(queries: readonly BalanceQuery[]): 'authorized' | 'unauthorized' {
    const result = queries.at(-1)?.result;
    const refused = result?.kind === 'failed' && result.enumerator === 'unauthorized_institution';
    return refused ? 'unauthorized' : 'authorized';
  }

  get #today(): CalendarDate {
    return businessToday(this.around.timeline, this.around.behaviour());
  }
}

const badCpf = (): Answer => refusal(404, 'Invalid Document Number Format', 'LEG000013');

function unknownQuery(key: string, context: CallContext): Answer {
  context.violation('unknown_key', key, 'no balance query has this key');
  return refusal(404, 'Available balance not found', 'LEG000013');
}
