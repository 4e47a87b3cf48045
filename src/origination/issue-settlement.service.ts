import { Injectable } from '@nestjs/common';
import { QueryFailedError, type EntityManager } from 'typeorm';
import { withoutDocumentNumbers } from '../kernel';
import { AuditTrail, isSamePerson, type DeedTo } from '../platform';
import type { IssueFinding } from './domain';
import { IssueOrders } from './issue-orders';
import { ProposalCommandBook } from './proposal-command-book';
import type { ProposalCommandEntity } from './proposal-command.entity';
import { ProposalLife } from './proposal-life.service';
import { notAllowed, type ProposalRefusal } from './proposal-refusal';
import { ProposalTasks } from './proposal-tasks';
import type { ProposalEntity } from './proposal.entity';

/** Of the two who must say it, the first has settled nothing yet. */
type Settled = { readonly kind: 'settled'; readonly needsSecondPerson: boolean } | ProposalRefusal;

type Found<Outcome extends IssueFinding['outcome']> = Extract<IssueFinding, { outcome: Outcome }>;

/**
 * People settle an order for a debt whose answer was lost and that no look-up under our own key has settled, or that is held
 * back because of one before it. One person may say which debt it is: that sends nothing. That QI has none two people must say, each with evidence: what was reserved
 * is free then, and the proposal may be issued again, under the same key.
 */
@Injectable()
export class IssueSettlement {
  constructor(
    private readonly life: ProposalLife,
    private readonly commands: ProposalCommandBook,
    private readonly orders: IssueOrders,
    private readonly tasks: ProposalTasks,
    private readonly audit: AuditTrail,
  ) {}

  /** On a locked proposal. */
  async settle(
    tx: EntityManager,
    proposal: ProposalEntity,
    finding: IssueFinding,
    actor: string,
  ): Promise<Settled> {
    const command = await this.commands.liveOf(tx, proposal.id);
    if (command?.action !== 'issue' || !(await this.tasks.isLeftToPeople(tx, proposal.id)))
      return notAllowed('settle_issue', proposal);
    if (isAboutAnother(finding, command)) return { kind: 'order_changed' };
    if (command.status === 'sending')
      return { kind: 'command_live', action: command.action, status: command.status };
    return finding.outcome === 'took_effect'
      ? this.#made(tx, proposal, command, finding, actor)
      : this.#notTaken(tx, proposal, command, finding, actor);
  }

  async #made(
    tx: EntityManager,
    proposal: ProposalEntity,
    command: ProposalCommandEntity,
    { credit_operation_key: key, evidence }: Found<'took_effect'>,
    actor: string,
  ): Promise<Settled> {
    const [taken] = await tx.query<unknown[]>(
      `SELECT FROM proposal WHERE credit_operation_key = $1
       UNION ALL SELECT FROM operation WHERE credit_operation_key = $1 AND origin IS NOT NULL`,
      [key],
    );
    if (taken !== undefined) return { kind: 'operation_taken' };
    const summary = { credit_operation_key: key, evidence: shown(evidence) };
    await this.life.note(tx, proposal, { kind: 'issue_found', actor, summary });
    await this.commands.settle(tx, command.id, 'accepted', actor);
    await this.tasks.settle(tx, proposal, actor);
    await this.#audit(tx, proposal, actor, 'issue_found', summary);
    // What QI may have taken is unknown, or was: what was never sent, or only refused, is held back.
    const heldBack = command.status === 'intended' && !command.answerLost ? command.id : undefined;
    await this.orders.recordIssued(tx, proposal, { creditOperationKey: key, options: [] }, heldBack);
    return { kind: 'settled', needsSecondPerson: false };
  }

  async #notTaken(
    tx: EntityManager,
    proposal: ProposalEntity,
    command: ProposalCommandEntity,
    { evidence }: Found<'not_taken'>,
    actor: string,
  ): Promise<Settled> {
    const before = await this.tasks.whoFoundNothing(tx, proposal.id, command.id);
    if (await isSamePerson(tx, actor, before)) return { kind: 'second_person_needed' };
    // A look-up is under way: it may find the debt.
    if (command.leaseOwner !== null) return { kind: 'command_live', action: 'issue', status: 'sending' };
    const summary = { command_id: command.id, evidence: shown(evidence) };
    await this.life.note(tx, proposal, { kind: 'issue_said_not_taken', actor, summary });
    if (before.length === 0) {
      // From now on it is looked up, and not sent again.
      if (command.status === 'intended' && command.answerLost)
        await this.commands.postpone(tx, command.id, 'unknown', 0);
      await this.tasks.askSecondPerson(tx, proposal, actor);
      await this.#audit(tx, proposal, actor, 'issue_said_not_taken', summary);
      return { kind: 'settled', needsSecondPerson: true };
    }
    await this.commands.settle(tx, command.id, 'rejected', actor);
    await this.life.advance(
      tx,
      proposal,
      'issue_refused',
      { kind: 'issue_not_taken', actor, summary: { said_by: [...before, actor] } },
      { failureCode: 'issue_not_taken', failureText: null, holdsClaim: false },
    );
    await this.tasks.settle(tx, proposal, actor);
    await this.#audit(tx, proposal, actor, 'issue_not_taken', summary);
    await this.orders.release(tx, proposal, 'not_taken');
    return { kind: 'settled', needsSecondPerson: false };
  }

  #audit(
    tx: EntityManager,
    { id }: ProposalEntity,
    actor: string,
    deed: DeedTo<'proposal'>,
    details: Readonly<Record<string, string>>,
  ): Promise<void> {
    return this.audit.record(tx, { actor, action: `proposal.${deed}`, subject: id, details });
  }
}

/** Whether it was found out about another order, or before this one left (again). */
function isAboutAnother(
  { command_id: id, sent_at: sentAt }: IssueFinding,
  command: ProposalCommandEntity,
): boolean {
  if (id !== undefined && id.toLowerCase() !== command.id) return true;
  if (sentAt === undefined) return false;
  return (sentAt === null ? undefined : new Date(sentAt).getTime()) !== command.sentAt?.getTime();
}

/** Two proposals were said at once to be the same operation: the database lets one through. */
export function isOperationTaken(error: unknown): boolean {
  return (
    error instanceof QueryFailedError &&
    (error.driverError as { constraint?: string }).constraint === 'proposal_credit_operation_key_key'
  );
}

/** People write down what they like; it is shown as it is. */
function shown(words: string): string {
  return withoutDocumentNumbers(words);
}
