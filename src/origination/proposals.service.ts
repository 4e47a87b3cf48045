import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type QueryDeepPartialEntity } from 'typeorm';
import { calendarDateAt, type Clock, type Cpf } from '../kernel';
import { IdempotentRequests, type Accepted, type PersonsRequest } from '../operation';
import type { DirectProduct } from '../policy/domain';
import {
  AuditTrail,
  BlindIndex,
  CLOCK,
  FieldCipher,
  isSamePerson,
  type Actor,
  type DeedTo,
} from '../platform';
import { openBorrower, sealBorrower } from './borrower-file';
import {
  hasMovedSince,
  isVoidable,
  JUDGED_BY,
  keptAcceptanceSchema,
  mayOvertake,
  missingInAcceptance,
  outOfTime,
  personsActionsIn,
  toldSince,
  whoseWord,
  type Acceptance,
  type BorrowerData,
  type IssueFinding,
  type PersonsAction,
} from './domain';
import type { Employment } from './domain/products/federal-payroll';
import { IssueOrders, refusalToIssue } from './issue-orders';
import { isOperationTaken, IssueSettlement } from './issue-settlement.service';
import { OfferRules, type OfferObstacle } from './offer-rules.service';
import { ProposalCommandBook } from './proposal-command-book';
import { ProposalCommandSender } from './proposal-command-sender';
import { ProposalJudge } from './proposal-judge.service';
import { ProposalLife } from './proposal-life.service';
import { ProposalEventEntity } from './proposal-event.entity';
import { notAllowed, type ProposalRefusal } from './proposal-refusal';
import { ProposalTasks } from './proposal-tasks';
import { ProposalEntity } from './proposal.entity';
import { ProposalProducts } from './products/proposal-products';
import { QueryTurns } from './query-turns.service';
import { hasFigures, offeredFigures, type StoredOffer, type StoredWishes } from './stored';

export interface NewProposal extends BorrowerData {
  readonly product: DirectProduct;
  readonly cpf: Cpf;
  readonly channel: string;
  /** As given; its product reads it. */
  readonly wishes: unknown;
  /** The one employment link to ask about, where it is known. */
  readonly employment?: Employment | undefined;
}

/** That a second person has looked, and at which review. */
export interface Clearance {
  readonly reason: string;
  /** `status_since` of the proposal as it was shown: what has come up since is not let through. */
  readonly reviewed_since?: string | undefined;
}

type Outcome = Accepted | ProposalRefusal;
type Work = (tx: EntityManager, proposal: ProposalEntity) => Promise<Outcome>;

const OVER: Readonly<Record<OfferObstacle, string>> = {
  payment_day_past: 'A data de desembolso da oferta passou: simular de novo.',
  rules_changed: 'As regras mudaram depois da oferta: simular de novo.',
};

/**
 * What people do to proposals. Every act locks the proposal, checks that its state allows it and that nothing is under way
 * at QI, and leaves at most one durable command behind.
 */
@Injectable()
export class Proposals {
  constructor(
    private readonly dataSource: DataSource,
    private readonly life: ProposalLife,
    private readonly commands: ProposalCommandBook,
    private readonly judge: ProposalJudge,
    private readonly products: ProposalProducts,
    private readonly rules: OfferRules,
    private readonly orders: IssueOrders,
    private readonly settlement: IssueSettlement,
    private readonly tasks: ProposalTasks,
    private readonly requests: IdempotentRequests,
    private readonly audit: AuditTrail,
    private readonly sender: ProposalCommandSender,
    private readonly cipher: FieldCipher,
    private readonly blindIndex: BlindIndex,
    private readonly turns: QueryTurns,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Opens a proposal and asks for the balance at once. */
  open(wanted: NewProposal, request: PersonsRequest): Promise<Outcome> {
    return this.#once(request, `open proposal`, async (tx) => {
      const opened = await this.openIn(tx, wanted, request.actor);
      if (opened.kind === 'done')
        await this.recordOpened(tx, String(opened.answer['proposal_id']), request.actor);
      return opened;
    });
  }

  /** The same in the caller's transaction, which ends with `recordOpened()`. Call `announce()` after the commit. */
  async openIn(tx: EntityManager, wanted: NewProposal, actor: Actor): Promise<Outcome> {
    const read = this.products.of(wanted.product).readWishes(wanted.wishes);
    if (read.kind === 'invalid') return read;
    const borrowerIndex = this.blindIndex.of('cpf', wanted.cpf.reveal());
    const obstacle = await this.turns.whyNotNow(tx, { product: wanted.product, borrowerIndex });
    if (obstacle !== undefined) return obstacle;
    const proposal = await this.#insert(tx, wanted, read.wishes, actor);
    await this.life.note(tx, proposal, { kind: 'opened', actor: actor.id });
    return this.#ask(tx, proposal, actor.id);
  }

  recordOpened(tx: EntityManager, proposalId: string, { id: actor }: Actor): Promise<void> {
    return this.audit.record(tx, { actor, action: 'proposal.opened', subject: proposalId });
  }

  /** New commands may be waiting: send them now instead of at the next poll. */
  announce(): void {
    this.sender.nudge();
  }

  queryBalance(id: string, request: PersonsRequest): Promise<Outcome> {
    return this.#act('query_balance', id, request, (tx, proposal) =>
      this.query(tx, proposal, request.actor.id),
    );
  }

  /** Asks for the balance unless it would be refused. */
  async query(tx: EntityManager, proposal: ProposalEntity, actor: string): Promise<Outcome> {
    return (await this.turns.whyNotNow(tx, proposal)) ?? this.#ask(tx, proposal, actor);
  }

  /** When the product's quota lets it. What was offered, or left to people, on an older balance is void. */
  async #ask(tx: EntityManager, proposal: ProposalEntity, actor: string): Promise<Accepted> {
    const notBefore = await this.turns.next(tx, proposal.product);
    await this.life.advance(
      tx,
      proposal,
      'balance_asked',
      { kind: 'balance_asked', actor },
      { ...NOTHING_OFFERED, balanceKey: null, retryAt: null },
    );
    await this.tasks.settle(tx, proposal, actor);
    await this.commands.intend(tx, { subject: proposal.id, action: 'query_balance', actor, notBefore });
    return this.#done(proposal, { not_before: notBefore.toISOString() });
  }

  cancelQuery(id: string, request: PersonsRequest): Promise<Outcome> {
    return this.#act('cancel_query', id, request, async (tx, proposal) => {
      if (proposal.balanceKey === null || this.products.of(proposal.product).byKey === undefined) {
        await this.life.queryCanceled(tx, proposal, request.actor.id);
        return this.#done(proposal);
      }
      await this.commands.intend(tx, { subject: id, action: 'cancel_query', actor: request.actor.id });
      return this.#done(proposal);
    });
  }

  /** Other wishes on the same balance. */
  simulate(id: string, wishes: unknown, request: PersonsRequest): Promise<Outcome> {
    return this.#act('simulate', id, request, async (tx, proposal) => {
      const read = this.products.of(proposal.product).readWishes(wishes);
      if (read.kind === 'invalid') return read;
      const problems = await this.judge.consider(tx, proposal, {
        wishes: read.wishes,
        actor: request.actor.id,
      });
      return problems === undefined ? this.#done(proposal) : { kind: 'invalid', problems };
    });
  }

  /** A second person lets through what the policy, or a difference of figures, has left to people. */
  clearReview(
    id: string,
    { reason, reviewed_since: shown }: Clearance,
    request: PersonsRequest,
  ): Promise<Outcome> {
    return this.#act('clear_review', id, request, async (tx, proposal) => {
      const { createdBy } = proposal;
      const events = await tx.find(ProposalEventEntity, { where: { proposalId: id }, order: { id: 'ASC' } });
      if (await isSamePerson(tx, request.actor.id, whoseWord(createdBy, events)))
        return { kind: 'second_person_needed' };
      if (hasMovedSince(shown, proposal.statusSince)) return { kind: 'review_over' };
      const record = { kind: 'review_cleared' as const, actor: request.actor.id, summary: { reason } };
      await this.life.note(tx, proposal, record);
      await this.tasks.settle(tx, proposal, request.actor.id);
      await this.judge.clear(tx, proposal);
      await this.#audit(tx, request.actor, 'review_cleared', proposal, reason);
      return this.#done(proposal);
    });
  }

  /**
   * What is needed for an issue and was not known yet. It may be given in parts, as long as nothing is issued.
   * @param revision what the person had seen: nothing that was told since is overwritten
   */
  describeBorrower(
    id: string,
    data: BorrowerData,
    request: PersonsRequest,
    revision?: number,
  ): Promise<Outcome> {
    return this.#locked(id, request, 'describe borrower', async (tx, proposal) => {
      const closed = whyClosed(proposal);
      if (closed !== undefined) return closed;
      if (revision !== undefined) {
        const events = await tx.find(ProposalEventEntity, {
          where: { proposalId: id },
          order: { id: 'ASC' },
        });
        if (toldSince(events, revision, fieldsIn(data)).length > 0) return { kind: 'borrower_told' };
      }
      const known = openBorrower(proposal, this.cipher);
      if (known === undefined) throw new Error('the borrower of an open proposal was erased');
      const merged = {
        ...known,
        person: { ...known.person, ...data.person },
        account: data.account ?? known.account,
      };
      const isOther = JUDGED_BY.some((field) => merged.person[field] !== known.person?.[field]);
      const live = isOther ? await this.commands.liveOf(tx, id) : undefined;
      if (live?.action === 'simulate')
        return { kind: 'command_live', action: live.action, status: live.status };
      await this.life.note(
        tx,
        proposal,
        { kind: 'borrower_described', actor: request.actor.id, summary: { fields: fieldsIn(data) } },
        sealBorrower(proposal.id, merged, this.cipher),
      );
      if (isOther) await this.#judgeAnew(tx, proposal, request.actor.id);
      return this.#done(proposal);
    });
  }

  /** What was judged of somebody else, as it turns out, is neither offered nor left to people: the policy is asked again. */
  async #judgeAnew(tx: EntityManager, proposal: ProposalEntity, actor: string): Promise<void> {
    if (!isVoidable(proposal.status)) return;
    await this.life.voidOffer(tx, proposal, actor);
    await this.tasks.settle(tx, proposal, actor);
    await this.judge.consider(tx, proposal);
  }

  /** For whoever would do something else first. @returns undefined while the borrower may be described */
  async whyNotDescribed(id: string): Promise<ProposalRefusal | undefined> {
    const proposal = await this.dataSource.manager.findOneBy(ProposalEntity, { id });
    return proposal === null ? { kind: 'not_found' } : whyClosed(proposal);
  }

  /** The borrower has said yes to one of the offers, as it was shown. */
  accept(id: string, acceptance: Acceptance, request: PersonsRequest): Promise<Outcome> {
    return this.#act('accept', id, request, async (tx, proposal) => {
      const offers = (proposal.simulations ?? []).filter(hasFigures);
      const offer = offers.find(({ fee_table }) => fee_table === acceptance.fee_table);
      const over = this.#whyOver(proposal, offer ?? offers[0]);
      if (over !== undefined) return { kind: 'offer_over', why: over };
      if (hasMovedSince(acceptance.offered_at, proposal.statusSince))
        return {
          kind: 'offer_over',
          why: 'A proposta foi simulada de novo: mostrar ao cliente a nova oferta.',
        };
      if (offer === undefined)
        return { kind: 'invalid', problems: [{ path: 'fee_table', message: 'não é uma das ofertas' }] };
      const { disbursed_issue_amount: disbursed, total_amount: total } = offeredFigures(offer);
      if (disbursed !== acceptance.disbursed_issue_amount) {
        const message = `a oferta agora é de ${disbursed}`;
        return { kind: 'invalid', problems: [{ path: 'disbursed_issue_amount', message }] };
      }
      if (total !== acceptance.total_amount) {
        const message = `o total a pagar agora é de ${total}`;
        return { kind: 'invalid', problems: [{ path: 'total_amount', message }] };
      }
      const problems = [
        ...outOfTime(acceptance, proposal.statusSince, this.clock.now()),
        ...missingInAcceptance(proposal.product, acceptance),
      ];
      if (problems.length > 0) return { kind: 'invalid', problems };
      await this.life.advance(
        tx,
        proposal,
        'accepted',
        {
          kind: 'accepted',
          actor: request.actor.id,
          summary: {
            fee_table: offer.fee_table,
            channel: acceptance.channel,
            text_version: acceptance.text_version,
          },
          personal: JSON.stringify(keptAcceptanceSchema.strip().parse(acceptance)),
        },
        { offer: { ...offer, accepted_at: acceptance.accepted_at }, disbursedIssueAmount: disbursed },
      );
      await this.#audit(tx, request.actor, 'accepted', proposal);
      return this.#done(proposal);
    });
  }

  /** Asks QI for the debt: once, under our own key. Everything that QI would refuse is refused here first. */
  async issue(id: string, request: PersonsRequest): Promise<Outcome> {
    try {
      return await this.#act('issue', id, request, async (tx, proposal) => {
        const { offer } = proposal;
        if (offer === null) throw new Error('an accepted proposal has no offer');
        const over = this.#whyOver(proposal, offer);
        if (over !== undefined) return { kind: 'offer_over', why: over };
        const today = calendarDateAt(this.clock.now());
        const prepared = await this.orders.prepare(tx, proposal, offer, today);
        if (prepared.kind !== 'order') return prepared;
        await this.life.advance(tx, proposal, 'issue_asked', {
          kind: 'issue_asked',
          actor: request.actor.id,
        });
        await this.commands.intend(tx, {
          subject: id,
          action: 'issue',
          actor: request.actor.id,
          body: prepared.body,
        });
        await this.#audit(tx, request.actor, 'issue_asked', proposal);
        await this.orders.reserve(tx, proposal, offer);
        return this.#done(proposal);
      });
    } catch (error) {
      const refusal = refusalToIssue(error);
      if (refusal === undefined) throw error;
      return refusal === 'claim_taken' ? this.#claimTaken(id) : refusal;
    }
  }

  async #claimTaken(id: string): Promise<ProposalRefusal> {
    const { product } = await this.dataSource.manager.findOneByOrFail(ProposalEntity, { id });
    return { kind: 'claim_taken', words: this.products.of(product).words.claimTaken };
  }

  /** A person has found out what became of an order whose answer was lost. */
  async settleIssue(id: string, finding: IssueFinding, request: PersonsRequest): Promise<Outcome> {
    try {
      return await this.#locked(id, request, 'settle_issue', async (tx, proposal) => {
        const outcome = await this.settlement.settle(tx, proposal, finding, request.actor.id);
        if (outcome.kind !== 'settled') return outcome;
        return this.#done(proposal, { needs_second_person: outcome.needsSecondPerson });
      });
    } catch (error) {
      if (isOperationTaken(error)) return { kind: 'operation_taken' };
      throw error;
    }
  }

  withdraw(id: string, reason: string, request: PersonsRequest): Promise<Outcome> {
    return this.#act('withdraw', id, request, async (tx, proposal) => {
      const record = { kind: 'withdrawn' as const, actor: request.actor.id, summary: { reason } };
      await this.life.advance(tx, proposal, 'withdrawn', record, { retryAt: null });
      await this.tasks.settle(tx, proposal, request.actor.id);
      await this.#audit(tx, request.actor, 'withdrawn', proposal, reason);
      return this.#done(proposal);
    });
  }

  /** Figures hold for a while, for the day of payment they were made for, and under the rules they were made by. */
  #whyOver({ product, offerExpiresAt }: ProposalEntity, offer: StoredOffer | undefined): string | undefined {
    const now = this.clock.now();
    if (offerExpiresAt === null || offerExpiresAt <= now)
      return 'O prazo da oferta terminou: simular de novo.';
    const obstacle = offer && this.rules.whyNotOn(calendarDateAt(now), product, offer);
    return obstacle && OVER[obstacle];
  }

  async #insert(
    tx: EntityManager,
    wanted: NewProposal,
    wishes: StoredWishes,
    actor: Actor,
  ): Promise<ProposalEntity> {
    const now = this.clock.now();
    const id = randomUUID();
    const proposal = tx.create(ProposalEntity, {
      id,
      product: wanted.product,
      channel: wanted.channel,
      status: 'draft',
      statusSince: now,
      borrowerIndex: this.blindIndex.of('cpf', wanted.cpf.reveal()),
      ...sealBorrower(id, wanted, this.cipher),
      wishes,
      controlKey: randomUUID(),
      holdsClaim: false,
      createdBy: actor.id,
      createdAt: now,
    });
    await tx.insert(ProposalEntity, proposal as QueryDeepPartialEntity<ProposalEntity>);
    return proposal;
  }

  #act(action: PersonsAction, id: string, request: PersonsRequest, work: Work): Promise<Outcome> {
    return this.#locked(id, request, action, async (tx, proposal) => {
      const live = await this.commands.liveOf(tx, id);
      if (live !== undefined && !mayOvertake(action, live))
        return { kind: 'command_live', action: live.action, status: live.status };
      if (!personsActionsIn(proposal.status, proposal.failureCode).includes(action))
        return notAllowed(action, proposal);
      if (live !== undefined) {
        await this.commands.settle(tx, live.id, 'withdrawn', request.actor.id);
        await this.tasks.settleUnknown(tx, proposal, request.actor.id);
      }
      return work(tx, proposal);
    });
  }

  #locked(id: string, request: PersonsRequest, what: string, work: Work): Promise<Outcome> {
    return this.#once(request, `${what} ${id}`, async (tx) => {
      const proposal = await this.life.lock(tx, id);
      return proposal === undefined ? { kind: 'not_found' } : work(tx, proposal);
    });
  }

  async #once(
    request: PersonsRequest,
    target: string,
    work: (tx: EntityManager) => Promise<Outcome>,
  ): Promise<Outcome> {
    const outcome = await this.dataSource.transaction((tx) =>
      this.requests.once<ProposalRefusal>(tx, { ...request, target }, () => work(tx)),
    );
    this.announce();
    return outcome;
  }

  #audit(
    tx: EntityManager,
    actor: Actor,
    deed: DeedTo<'proposal'>,
    { id }: ProposalEntity,
    reason?: string,
  ): Promise<void> {
    return this.audit.record(tx, { actor: actor.id, action: `proposal.${deed}`, subject: id, reason });
  }

  #done(proposal: ProposalEntity, more: Readonly<Record<string, unknown>> = {}): Accepted {
    return {
      kind: 'done',
      httpStatus: 202,
      answer: { proposal_id: proposal.id, status: proposal.status, ...more },
    };
  }
}

const NOTHING_OFFERED = {
  simulations: null,
  offer: null,
  offerExpiresAt: null,
  disbursedIssueAmount: null,
  failureCode: null,
  failureText: null,
} as const;

/** From the issue on nothing about the borrower changes any more. */
function whyClosed(proposal: ProposalEntity): ProposalRefusal | undefined {
  const isOpen = personsActionsIn(proposal.status, proposal.failureCode).includes('withdraw');
  return isOpen ? undefined : notAllowed('issue', proposal);
}

/** Which fields were given, never what they say. */
function fieldsIn({ person, account }: BorrowerData): readonly string[] {
  return [...Object.keys(person ?? {}), ...(account === undefined ? [] : ['account'])].sort();
}
