import { randomUUID } from 'node:crypto';
import type { CalendarDate, Decimal, JsonObject } from '../../src/kernel';
import { ok, type Answer, type CallContext } from '../answer';
import type { Behaviour } from '../behaviour';
import { businessNow, businessToday } from '../business-clock';
import { LEAST_PAUSE_SECONDS } from '../debts/debt-life';
import { schemaError } from '../debts/financial';
import { isCpf, isText, textOf } from '../fields';
import { Shelf } from '../shelf';
import type { Timeline } from '../timeline';
import { isOpenAt } from './hours';
import { UNAUTHORIZED_SERVANT } from './outcomes';
import * as payload from './payloads';
import { isSame, type Link, type LinkKey, type Servants } from './servants';
import type { FederalPayrollPlan } from './federal-payroll-plan';

export interface MarginQuery {
  readonly key: string;
  readonly documentNumber: string;
  /** One link, if the partner named it. */
  readonly link: LinkKey | undefined;
  readonly askedAt: Date;
  readonly heard: boolean;
  status: 'pending_search' | 'success' | 'failure';
  found: readonly { readonly link: LinkKey; readonly free: Decimal }[];
}

interface Surroundings {
  readonly behaviour: () => Behaviour;
  readonly timeline: Timeline;
  readonly servants: Servants;
  /** Uses up the scripted outcome of a servant. */
  readonly plan: (documentNumber: string) => FederalPayrollPlan | undefined;
  readonly send: (key: string, write: (printedAt: Date) => JsonObject) => void;
}

/** Queries of a servant's margin: by CPF alone, or by one employment link. */
export class MarginQueries extends Shelf<MarginQuery> {
  constructor(private readonly around: Surroundings) {
    super(
      () => around.behaviour().keep.queries,
      (query) => query.status !== 'pending_search',
    );
  }

  ask(body: JsonObject, context: CallContext): Answer {
    const sent = body['document_number'];
    if (typeof sent !== 'string' || !/^\d{1,11}$/.test(sent))
      return schemaError({ document_number: 'digits, 11 at most' });
    const named = [body['authority_code'], body['registration_code']].filter(isText);
    if (named.length === 1) return schemaError({ authority_code: 'together with registration_code' });
    const cpf = sent.padStart(11, '0');
    const pending = this.#pendingOf(cpf);
    if (pending?.heard === true)
      context.violation('query_while_pending', pending.key, 'a query of this CPF has not been answered yet');
    if (!this.#isOpen()) context.violation('outside_hours', cpf, 'SIAPE is closed');
    const query: MarginQuery = {
      key: randomUUID(),
      documentNumber: cpf,
      link:
        named.length === 0
          ? undefined
          : {
              authorityCode: textOf(body['authority_code']),
              registrationCode: textOf(body['registration_code']),
            },
      askedAt: context.at,
      heard: context.heard,
      status: 'pending_search',
      found: [],
    };
    this.put(query.key, query);
    const plan = this.around.plan(cpf);
    const outcome = plan?.balance.shift();
    this.#whenOpen(plan?.step_seconds ?? this.around.behaviour().pace.step_seconds, () => {
      this.finish(query, outcome ?? this.#usualOutcome(cpf));
    });
    return ok({ balance_key: query.key, status: 'pending_search' });
  }

  finish(query: MarginQuery, outcome: string): void {
    if (query.status !== 'pending_search' || outcome === 'never') return;
    const links = this.#linksFor(query);
    if (outcome === 'success' && links.length > 0) this.#found(query, links);
    else this.#refused(query, outcome === 'success' ? 'inexistent_relationship' : outcome);
  }

  /** The pending query of a CPF, ended by a test. */
  advance(cpf: string, outcome: string): boolean {
    const pending = this.#pendingOf(cpf);
    if (pending !== undefined) this.finish(pending, outcome);
    return pending !== undefined;
  }

  /** What the newest query found free on a link; undefined when none named it. */
  lastKnown(cpf: string, key: LinkKey): Decimal | undefined {
    return this.all()
      .filter((query) => query.documentNumber === cpf)
      .flatMap((query) => query.found)
      .findLast(({ link }) => isSame(link, key))?.free;
  }

  #found(query: MarginQuery, links: readonly Link[]): void {
    query.status = 'success';
    const keys = links.map(({ facts }) => ({
      authorityCode: facts.authority_code,
      registrationCode: facts.registration_code,
    }));
    query.found = links.map(({ free }, i) => ({ link: keys[i] as LinkKey, free }));
    const { servants } = this.around;
    const { documentNumber: cpf, key } = query;
    const held = keys.map((link) => servants.heldOn(cpf, link));
    const name = servants.find(cpf)?.name ?? '';
    this.around.send(key, (at) =>
      payload.balanceFound({ key, name, links, at, referenceDate: this.#today, held }, this.#contract),
    );
  }

  #refused(query: MarginQuery, enumerator: string): void {
    query.status = 'failure';
    this.around.send(query.key, (at) => payload.balanceRefused(query.key, at, enumerator, this.#contract));
  }

  #linksFor(query: MarginQuery): readonly Link[] {
    const { documentNumber: cpf, link } = query;
    if (link === undefined) return this.around.servants.linksOf(cpf, this.#today);
    const found = this.around.servants.linkOf(cpf, link, this.#today);
    return found === undefined ? [] : [found];
  }

  #usualOutcome(cpf: string): string {
    if (!isCpf(cpf)) return 'invalid_document_number';
    const servant = this.around.servants.find(cpf);
    if (servant === undefined)
      return cpf === UNAUTHORIZED_SERVANT ? 'unauthorized_institution' : 'mock_error';
    return servant.links.some((link) => link.authorized) ? 'success' : 'unauthorized_institution';
  }

  #pendingOf(cpf: string): MarginQuery | undefined {
    return this.all().find((query) => query.documentNumber === cpf && query.status === 'pending_search');
  }

  /** A step later, or as soon after it as SIAPE opens. */
  #whenOpen(stepSeconds: number, work: () => void): void {
    this.around.timeline.after(stepSeconds, () => {
      if (this.#isOpen()) work();
      else this.#whenOpen(Math.max(stepSeconds, LEAST_PAUSE_SECONDS), work);
    });
  }

  #isOpen(): boolean {
    const behaviour = this.around.behaviour();
    return this.#contract.hours === 'always' || isOpenAt(businessNow(this.around.timeline, behaviour));
  }

  get #contract(): Behaviour['contract']['federal_payroll'] {
    return this.around.behaviour().contract.federal_payroll;
  }

  get #today(): CalendarDate {
    return businessToday(this.around.timeline, this.around.behaviour());
  }
}
