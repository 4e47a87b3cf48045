import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In, Not, type EntityManager, type FindOperator } from 'typeorm';
import type {
  Asked,
  AttemptResult,
  CommandAnswer,
  CommandJob,
  CommandOwner,
  Finding,
  Rejected,
} from '../commands';
import { saysNo, saysYes, type WhenUnknown } from '../commands/domain';
import { releaseWaiting } from '../inbox';
import {
  calendarDateAt,
  isJsonObject,
  parseJson,
  stringifyJson,
  type Clock,
  type JsonObject,
} from '../kernel';
import { SYSTEM_ACTOR } from '../operation';
import { CLOCK, FieldCipher, type SendingPermit } from '../platform';
import { openBorrower, type BorrowerFile } from './borrower-file';
import { isProposalFinal, PROPOSAL_ACTION_RULES, PROPOSAL_ACTIONS, type ProposalAction } from './domain';
import { IssueOrders } from './issue-orders';
import { OfferRules, type OfferObstacle } from './offer-rules.service';
import { ORIGINATION_LIMITS, type OriginationLimits } from './origination-limits';
import { ProposalCommandBook } from './proposal-command-book';
import { ProposalCommandEntity } from './proposal-command.entity';
import { ProposalJudge } from './proposal-judge.service';
import { ProposalLife } from './proposal-life.service';
import { ProposalTasks } from './proposal-tasks';
import { ProposalEntity } from './proposal.entity';
import type { ProposalProduct } from './products/proposal-product';
import { ProposalProducts } from './products/proposal-products';
import { QueryTurns } from './query-turns.service';
import { hasFigures, UNREADABLE, type StoredSimulation } from './stored';

/** Of an order that is not sent while this is so. */
const DEBT_UNTOLD = 'QI did not say whether it has the debt';

/** A release before kept the status of the look-up there, of which QI's answer to the order knows nothing. */
function statusOfAnswer({ httpStatus, answerText }: ProposalCommandEntity): number | null {
  return answerText === DEBT_UNTOLD ? null : httpStatus;
}

/** What proposals ask of QI, and what follows from its answers. */
@Injectable()
export class ProposalCommands implements CommandOwner<ProposalEntity, ProposalAction> {
  readonly name = 'proposal';
  readonly actions = PROPOSAL_ACTIONS;

  constructor(
    private readonly dataSource: DataSource,
    private readonly life: ProposalLife,
    private readonly commands: ProposalCommandBook,
    private readonly judge: ProposalJudge,
    private readonly orders: IssueOrders,
    private readonly rules: OfferRules,
    private readonly tasks: ProposalTasks,
    private readonly cipher: FieldCipher,
    private readonly products: ProposalProducts,
    private readonly turns: QueryTurns,
    @Inject(ORIGINATION_LIMITS) private readonly limits: OriginationLimits,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  whenUnknown(action: ProposalAction): WhenUnknown {
    return PROPOSAL_ACTION_RULES[action].whenUnknown;
  }

  lock(tx: EntityManager, id: string): Promise<ProposalEntity | undefined> {
    return this.life.lock(tx, id);
  }

  isAllowed(action: ProposalAction, proposal: ProposalEntity): boolean {
    return PROPOSAL_ACTION_RULES[action].sentIn.includes(proposal.status);
  }

  opensAt(action: ProposalAction, proposal: ProposalEntity, from: Date): Date {
    return this.products.of(proposal.product).opensAt(action, from);
  }

  /** Lenders have quotas of balance queries, however they pile up. */
  async turn(tx: EntityManager, action: ProposalAction, { product }: ProposalEntity): Promise<number> {
    return action === 'query_balance' ? this.turns.turn(tx, product) : 0;
  }

  endOf({ status }: ProposalEntity): 'withdrawn' | undefined {
    return isProposalFinal(status) ? 'withdrawn' : undefined;
  }

  async send(job: CommandJob<ProposalAction>, permit: SendingPermit): Promise<AttemptResult> {
    const proposal = await this.dataSource.manager.findOneByOrFail(ProposalEntity, { id: job.subject });
    const borrower = openBorrower(proposal, this.cipher);
    if (borrower === undefined) throw new Error('the borrower of a proposal that is not ended was erased');
    const product = this.products.of(proposal.product);
    switch (job.action) {
      case 'query_balance':
        return product.queryBalance(proposal, borrower, permit);
      case 'read_balance':
        return byKeyOf(product).readBalance(proposal.balanceKey ?? '', permit);
      case 'cancel_query':
        return this.#cancelQuery(proposal, job, permit);
      case 'simulate':
        return this.#simulate(proposal, borrower, permit);
      case 'issue': {
        const body = await this.commands.bodyOf(this.dataSource.manager, job.id);
        const earlier = await this.#earlierOrder(proposal, job, permit);
        if (earlier !== undefined) return earlier;
        const why = this.#whyNotToday(proposal);
        if (why !== undefined) return { kind: 'withheld', why, httpStatus: undefined };
        return this.#issue(proposal, body, borrower, permit);
      }
    }
  }

  /**
   * Our key was sent to QI before, in this order or another, which came to nothing as far as we were told: the debt it may have
   * become after all is the answer, and where QI cannot say, nothing is posted.
   * @returns undefined when the order may be posted
   */
  async #earlierOrder(
    proposal: ProposalEntity,
    { id, subject, answerLost }: CommandJob<ProposalAction>,
    { until }: SendingPermit,
  ): Promise<CommandAnswer | undefined> {
    if (!answerLost && !(await this.#isOrderedBefore(this.dataSource.manager, { id, subject })))
      return undefined;
    const { desk } = this.products.of(proposal.product);
    const answer = await desk.findIssued(proposal.controlKey, until.getTime() - this.clock.now().getTime());
    if (answer.kind === 'accepted') {
      const debt = desk.issuedIn(answer.body);
      if (debt === 'none') return undefined;
      if (debt !== undefined) return answerLost ? answer : { ...answer, ofEarlier: true };
    }
    // Of the look-up's status nothing is kept: what stands with the order is QI's answer to the order.
    return { kind: 'not_taken', why: DEBT_UNTOLD, httpStatus: undefined };
  }

  /** The contract is made on the day on which its order leaves, whenever it was asked for. */
  #whyNotToday({ product, offer }: ProposalEntity): OfferObstacle | undefined {
    if (offer === null) throw new Error('an order was made of a proposal without an offer');
    return this.rules.whyNotOn(calendarDateAt(this.clock.now()), product, offer);
  }

  #isOrderedBefore(
    tx: EntityManager,
    { id, subject }: Pick<Asked<ProposalAction>, 'id' | 'subject'>,
    settledBy?: FindOperator<string>,
  ): Promise<boolean> {
    return tx.existsBy(ProposalCommandEntity, {
      subject,
      action: 'issue',
      id: Not(id),
      status: Not('withdrawn'),
      ...(settledBy && { settledBy }),
    });
  }

  /** QI may say yes and not to what: then the debt is looked up under our own key, as after an answer that was lost. */
  async #issue(
    proposal: ProposalEntity,
    order: JsonObject,
    borrower: BorrowerFile,
    permit: SendingPermit,
  ): Promise<CommandAnswer> {
    const answer = await this.orders.send(proposal, order, borrower, permit);
    if (answer.kind !== 'accepted') return answer;
    const debt = this.products.of(proposal.product).desk.issuedIn(answer.body);
    if (debt !== undefined && debt !== 'none') return answer;
    return { ...answer, kind: 'unknown', why: 'QI said yes, and not to which debt' };
  }

  /**
   * QI gives up only a query that is pending, so it refuses this once more when it has taken it, or has answered the query, and no
   * webhook tells which. Either way nothing is waited for any more; what was answered still counts when it is heard.
   */
  async #cancelQuery(
    { product, balanceKey }: ProposalEntity,
    { mayHaveTaken }: CommandJob<ProposalAction>,
    permit: SendingPermit,
  ): Promise<CommandAnswer> {
    const answer = await byKeyOf(this.products.of(product)).cancelQuery(balanceKey ?? '', permit);
    return answer.kind === 'rejected' && mayHaveTaken
      ? { kind: 'accepted', httpStatus: answer.httpStatus, body: answer.body }
      : answer;
  }

  /** A call for each fee table, all at once; the answer holds all of them. A simulation changes nothing at QI. */
  async #simulate(
    proposal: ProposalEntity,
    borrower: BorrowerFile,
    permit: SendingPermit,
  ): Promise<CommandAnswer> {
    const product = this.products.of(proposal.product);
    const calls = (proposal.simulations ?? []).filter(hasFigures).map(async (offer) => ({
      table: offer.fee_table,
      answer: await product.simulate(offer, borrower, permit),
    }));
    const bodies: JsonObject = {};
    let httpStatus = 200;
    for (const { table, answer } of await Promise.all(calls)) {
      if (answer.kind !== 'accepted') return answer;
      httpStatus = answer.httpStatus;
      bodies[table] = answer.body;
    }
    return { kind: 'accepted', httpStatus, body: stringifyJson(bodies) };
  }

  async inquire({ subject }: CommandJob<ProposalAction>, timeoutMs: number): Promise<CommandAnswer> {
    const proposal = await this.dataSource.manager.findOneByOrFail(ProposalEntity, { id: subject });
    return this.products.of(proposal.product).desk.findIssued(proposal.controlKey, timeoutMs);
  }

  /** That QI knows nothing of a debt is believed late: the call may still be under way. What else it answers says nothing. */
  findingOf(job: CommandJob<ProposalAction>, answer: CommandAnswer, proposal: ProposalEntity): Finding {
    if (answer.kind !== 'accepted') return 'unclear';
    const found = this.products.of(proposal.product).desk.issuedIn(answer.body);
    if (found === undefined) return 'unclear';
    if (found !== 'none') return 'took_effect';
    return job.foundNothing + 1 >= this.limits.issue_inquiries ? 'not_taken' : 'found_nothing';
  }

  async accepted(
    tx: EntityManager,
    proposal: ProposalEntity,
    command: Asked<ProposalAction>,
    by: string,
    answer?: CommandAnswer,
  ): Promise<void> {
    await this.tasks.settle(tx, proposal, by);
    const { body, ofEarlier = false } = answer?.kind === 'accepted' ? answer : { body: '' };
    switch (command.action) {
      case 'query_balance':
        return this.#queried(tx, proposal, body);
      case 'read_balance':
        return this.#balanceRead(tx, proposal, body);
      case 'cancel_query':
        return this.life.queryCanceled(tx, proposal, command.actor);
      case 'simulate':
        return this.#simulated(tx, proposal, body);
      case 'issue':
        return this.#issued(tx, proposal, body, ofEarlier ? command.id : undefined);
    }
  }

  /**
   * QI may refuse our key because it has a debt under it, of this order or of one before that people have settled: which it is, is
   * looked up, and else left to people.
   */
  async isDoubtful(
    tx: EntityManager,
    _proposal: ProposalEntity,
    { id, subject, action, answerLost }: CommandJob<ProposalAction>,
  ): Promise<boolean> {
    if (action !== 'issue') return false;
    return answerLost || this.#isOrderedBefore(tx, { id, subject }, Not(In(NEVER_LOST)));
  }

  /**
   * An order is not posted between the two persons who say that QI has nothing, nor once more after QI has refused to take it
   * again: neither shows that the first came to nothing. Still less where QI has said yes to it.
   */
  async isHeld(tx: EntityManager, command: ProposalCommandEntity): Promise<boolean> {
    const { id, subject, action, answerLost } = command;
    if (action !== 'issue') return false;
    const answered = statusOfAnswer(command);
    if (answerLost && (saysYes(answered) || saysNo(answered))) return true;
    return (await this.tasks.whoFoundNothing(tx, subject, id)).length > 0;
  }

  async rejected(
    tx: EntityManager,
    proposal: ProposalEntity,
    command: Asked<ProposalAction>,
    answer: Rejected,
  ): Promise<void> {
    const { refusedAs } = PROPOSAL_ACTION_RULES[command.action];
    const summary = { http_status: answer.httpStatus, code: answer.code, description: answer.description };
    await this.life.advance(
      tx,
      proposal,
      refusedAs,
      { kind: `${command.action}_rejected`, actor: command.actor, summary },
      {
        failureCode: answer.code ?? `http_${String(answer.httpStatus)}`,
        failureText: answer.description ?? null,
        ...(command.action === 'issue' && { holdsClaim: false }),
      },
    );
    await this.tasks.settleUnknown(tx, proposal, 'qi');
    // What the webhook says is enough to judge by; the query's result only adds to it.
    if (command.action === 'read_balance') await this.judge.consider(tx, proposal);
    else await this.tasks.openRejected(tx, proposal, command.action, answer);
    if (command.action === 'issue') await this.orders.release(tx, proposal, 'rejected');
  }

  /** An order that did not leave in time. */
  async withheld(
    tx: EntityManager,
    proposal: ProposalEntity,
    { actor }: Asked<ProposalAction>,
  ): Promise<void> {
    await this.life.advance(
      tx,
      proposal,
      'issue_refused',
      { kind: 'issue_withheld', actor },
      { failureCode: 'issue_withheld', failureText: null, holdsClaim: false },
    );
    await this.tasks.settleUnknown(tx, proposal, SYSTEM_ACTOR);
    await this.tasks.openWithheld(tx, proposal, this.#whyNotToday(proposal));
    await this.orders.release(tx, proposal, 'withheld');
  }

  overtaken(tx: EntityManager, proposal: ProposalEntity): Promise<void> {
    return this.tasks.settleUnknown(tx, proposal, SYSTEM_ACTOR);
  }

  async intendedAgain(): Promise<void> {
    // Nothing heard meanwhile can make it unwanted: what withdraws a command withdraws it itself.
  }

  /** Where one person has found something out, the task asks for the second. */
  async unknownForLong(
    tx: EntityManager,
    proposal: ProposalEntity,
    { id, action }: Asked<ProposalAction>,
  ): Promise<void> {
    if ((await this.tasks.whoFoundNothing(tx, proposal.id, id)).length > 0) return;
    const command = await tx.findOneByOrFail(ProposalCommandEntity, { id });
    if (action === 'issue' && saysYes(statusOfAnswer(command))) await this.tasks.openUnnamed(tx, proposal);
    else await this.tasks.openUnknown(tx, proposal, action);
  }

  /** An order that is held back while QI does not say whether it has an earlier one may never get through by itself. */
  async notTakenForLong(
    tx: EntityManager,
    proposal: ProposalEntity,
    { id, subject, action, answerLost }: CommandJob<ProposalAction>,
  ): Promise<void> {
    if (action !== 'issue' || !(answerLost || (await this.#isOrderedBefore(tx, { id, subject })))) return;
    const said = await this.tasks.whoFoundNothing(tx, proposal.id, id);
    if (said.length === 0) await this.tasks.openHeldBack(tx, proposal);
  }

  async #queried(tx: EntityManager, proposal: ProposalEntity, body: string): Promise<void> {
    const balanceKey = this.products.of(proposal.product).desk.balanceKeyIn(body);
    if (balanceKey === undefined) {
      await this.life.advance(
        tx,
        proposal,
        'balance_refused',
        { kind: 'balance_key_missing' },
        { failureCode: 'balance_key_missing', failureText: null },
      );
      return;
    }
    await this.life.note(
      tx,
      proposal,
      { kind: 'balance_queried', summary: { balance_key: balanceKey } },
      { balanceKey },
    );
    // The webhook may have been faster than the answer.
    await releaseWaiting(tx, balanceKey);
  }

  async #balanceRead(tx: EntityManager, proposal: ProposalEntity, body: string): Promise<void> {
    const { byKey } = this.products.of(proposal.product);
    const balance = proposal.balance && byKey?.completed(proposal.balance, body);
    if (balance != null) {
      const { active_contracts, has_unavailable_balance } = balance;
      const summary = { active_contracts, has_unavailable_balance };
      await this.life.note(tx, proposal, { kind: 'balance_read', summary }, { balance });
    }
    await this.judge.consider(tx, proposal);
  }

  async #simulated(tx: EntityManager, proposal: ProposalEntity, body: string): Promise<void> {
    const product = this.products.of(proposal.product);
    const answers = parseJson(body);
    const simulations = (proposal.simulations ?? []).map((simulation): StoredSimulation => {
      if (!hasFigures(simulation)) return simulation;
      const answer = isJsonObject(answers) ? answers[simulation.fee_table] : undefined;
      const beside = typeof answer === 'string' ? product.besideQi(simulation, answer) : undefined;
      // Figures that nobody can compare are no figures that agree.
      return beside ?? { ...simulation, differences: [UNREADABLE] };
    });
    await this.judge.offer(tx, proposal, simulations);
  }

  async #issued(
    tx: EntityManager,
    proposal: ProposalEntity,
    body: string,
    heldBack: string | undefined,
  ): Promise<void> {
    const debt = this.products.of(proposal.product).desk.issuedIn(body);
    if (debt === undefined || debt === 'none') throw new Error('an answer without a debt is not accepted');
    await this.orders.recordIssued(tx, proposal, debt, heldBack);
  }
}

/** Who settles an order that is known to have come to nothing: QI, and whoever withheld it. Of any other the answer was lost. */
const NEVER_LOST = ['qi', 'overtaken'];

/** An action by key is meant for those products alone that have such routes. */
function byKeyOf({ name, byKey }: ProposalProduct): NonNullable<ProposalProduct['byKey']> {
  if (byKey === undefined) throw new Error(`QI has no route for the balance queries of ${name}`);
  return byKey;
}
