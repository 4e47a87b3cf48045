import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type {
  Asked,
  AttemptResult,
  CommandAnswer,
  CommandJob,
  CommandOwner,
  Finding,
  Rejected,
} from '../commands';
import { saysYes, type WhenUnknown } from '../commands/domain';
import { calendarDateAt, type Clock } from '../kernel';
import { CLOCK, type SendingPermit } from '../platform';
import { AuthorizationReview } from './authorization-review.service';
import {
  ACCEPTED_KIND,
  accountMayBeChanged,
  ACTION_RULES,
  cancellationWaitsReason,
  commandNotTakenReason,
  commandRejectedReason,
  commandUnknownReason,
  commandUnreadReason,
  commandWithheldReason,
  isAllowed,
  isBeforeReservation,
  isConsentOver,
  isConsentPending,
  endOf,
  factOfResubmission,
  OPERATION_ACTIONS,
  readAuthorizationEvidence,
  reversalUnreadableReason,
  waitsForConsent,
  type OperationAction,
  type OperationFact,
  type OperationStatus,
  type TaskReason,
} from './domain';
import { LateWithdrawals } from './late-withdrawals.service';
import { OperationCommandBook } from './operation-command-book';
import { OperationCommandEntity } from './operation-command.entity';
import { OperationEventEntity } from './operation-event.entity';
import { OperationLife } from './operation-life.service';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import { OperationEntity } from './operation.entity';
import { PaidAmounts } from './paid-amounts.service';
import { RESERVATION_DESK, type CanceledLoan, type ReservationDesk } from './ports';
import { storedCharge } from './reversal-charge';
import { ofOperation, TaskDesk } from './task-desk.service';
import { Withdrawals } from './withdrawals.service';

/** What operations ask of QI, and what follows from its answers. */
@Injectable()
export class OperationCommands implements CommandOwner<OperationEntity, OperationAction> {
  readonly name = 'operation';
  readonly actions = OPERATION_ACTIONS;

  constructor(
    private readonly dataSource: DataSource,
    private readonly life: OperationLife,
    private readonly commands: OperationCommandBook,
    private readonly tasks: TaskDesk,
    private readonly review: AuthorizationReview,
    private readonly amounts: PaidAmounts,
    private readonly withdrawals: Withdrawals,
    private readonly late: LateWithdrawals,
    @Inject(RESERVATION_DESK) private readonly desk: ReservationDesk,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  whenUnknown(action: OperationAction): WhenUnknown {
    return ACTION_RULES[action].whenUnknown;
  }

  lock(tx: EntityManager, operationKey: string): Promise<OperationEntity | undefined> {
    return this.life.lock(tx, operationKey);
  }

  isAllowed(action: OperationAction, operation: OperationEntity): boolean {
    return isAllowed(action, operation.status);
  }

  endOf({ status }: OperationEntity, action: OperationAction): 'accepted' | 'withdrawn' | undefined {
    return endOf(action, status);
  }

  async send(job: CommandJob<OperationAction>, permit: SendingPermit): Promise<AttemptResult> {
    const { manager: tx } = this.dataSource;
    switch (job.action) {
      case 'submit_signature': {
        const body = await this.commands.bodyOf(tx, job.id);
        return this.desk.submitSignature(job.subject, body, permit);
      }
      case 'authorize':
        return this.desk.authorize(job.subject, permit);
      case 'cancel_permanently':
        return this.desk.cancelPermanently(await this.#loanOf(job.subject), permit);
      case 'resubmit_disbursement': {
        const body = await this.commands.bodyOf(tx, job.id);
        const { disbursement_date: day } = body;
        if (typeof day === 'string' && day < calendarDateAt(this.clock.now()))
          return { kind: 'withheld', why: 'its payment day is past', httpStatus: undefined };
        const { product } = await this.#operation(job.subject);
        return this.desk.resubmitDisbursement({ creditOperationKey: job.subject, product }, body, permit);
      }
      case 'request_reversal': {
        const { obstacle } = await this.withdrawals.of(tx, await this.#operation(job.subject));
        if (obstacle !== undefined) return { kind: 'withheld', why: obstacle.kind, httpStatus: undefined };
        return this.desk.requestReversal(job.subject, permit);
      }
    }
  }

  inquire({ action, subject }: CommandJob<OperationAction>, timeoutMs: number): Promise<CommandAnswer> {
    return action === 'request_reversal'
      ? this.desk.findReversal(subject, timeoutMs)
      : this.desk.findReservations(subject, timeoutMs);
  }

  /**
   * What a query says about an authorization, or a reversal, whose answer was lost. That QI knows nothing of one that was sent
   * is believed late: the call may still be under way. Of a reversal it never is, for two charges may both be paid.
   */
  findingOf(
    { action, foundNothing, sentBefore }: CommandJob<OperationAction>,
    answer: CommandAnswer,
    { status }: OperationEntity,
  ): Finding {
    // A reservation that QI has refused says less of it than where the loan stands by then.
    if (endOf(action, status) === 'accepted') return 'took_effect';
    if (answer.kind !== 'accepted') return 'unclear';
    const found = evidenceIn(action, answer);
    if (found !== 'found_nothing') return found;
    if (sentBefore === null) return 'not_taken';
    const isBelieved = action !== 'request_reversal' && foundNothing + 1 >= this.limits.command_inquiries;
    return isBelieved ? 'not_taken' : 'found_nothing';
  }

  async accepted(
    tx: EntityManager,
    operation: OperationEntity,
    command: Asked<OperationAction>,
    by: string,
    answer?: CommandAnswer,
  ): Promise<void> {
    await this.tasks.resolve(tx, ofOperation(operation.key), ['command_unknown'], { as: 'accepted', by });
    await this.tasks.endRefusals(tx, operation, command.action, by);
    const fact =
      command.action === 'resubmit_disbursement'
        ? await this.#resubmitted(tx, operation, command)
        : ACTION_RULES[command.action].acceptedAs;
    const body = answer?.kind === 'accepted' ? answer.body : undefined;
    const charge =
      command.action === 'request_reversal' && body !== undefined ? this.desk.reversalIn(body) : undefined;
    const recalculated =
      command.action === 'resubmit_disbursement' && body !== undefined
        ? this.desk.recalculatedIn(body)
        : undefined;
    await this.life.advance(tx, operation, fact, {
      kind: ACCEPTED_KIND[command.action],
      actor: command.actor,
      summary: {
        by,
        ...(charge !== undefined && storedCharge(charge)),
        ...(recalculated !== undefined && {
          recalculated_amount: recalculated.toFixed(2),
          ...(operation.disbursedIssueAmount !== null && { owed_before: operation.disbursedIssueAmount }),
        }),
      },
    });
    if (command.action === 'resubmit_disbursement') await this.review.considerAnew(tx, operation);
    if (command.action === 'request_reversal' && charge === undefined)
      await this.tasks.openContradiction(tx, operation, reversalUnreadableReason());
    if (recalculated !== undefined) await this.amounts.recalculated(tx, operation, recalculated);
  }

  /** QI refuses to cancel what it is cancelling already; that the servant must answer first is news all the same. */
  isDoubtful(
    _tx: EntityManager,
    { marginStatus }: OperationEntity,
    { action, answerLost }: CommandJob<OperationAction>,
    refusal: Rejected,
  ): Promise<boolean> {
    const isAwaited = isConsentPending(marginStatus) && waitsForConsent(refusal);
    return Promise.resolve(action === 'cancel_permanently' && answerLost && !isAwaited);
  }

  /** QI's words stay with the command and in the task; the operation stands where it stood. */
  async rejected(
    tx: EntityManager,
    operation: OperationEntity,
    command: Asked<OperationAction>,
    answer: Rejected,
  ): Promise<void> {
    await this.life.note(tx, operation, {
      kind: `${command.action}_rejected`,
      actor: command.actor,
      summary: { http_status: answer.httpStatus, code: answer.code, description: answer.description },
    });
    await this.tasks.resolve(tx, ofOperation(operation.key), ['command_unknown'], {
      as: 'rejected',
      by: 'qi',
    });
    const isWaiting = isConsentPending(operation.marginStatus) && waitsForConsent(answer);
    if (command.action === 'cancel_permanently' && isWaiting) {
      await this.#awaitConsent(tx, operation, command, answer);
      return;
    }
    if (!isAllowed(command.action, operation.status)) return; // the loan has moved on: nobody need act on the refusal
    const reason = await this.#withAccount(
      tx,
      operation,
      command,
      commandRejectedReason(command.action, answer),
    );
    await this.tasks.openRefusal(tx, operation, reason);
    await this.#handBack(tx, operation, command.action, reason);
  }

  /** Trying to cancel is what makes QI delete the margin once the servant has answered, whatever it answers (T-42). */
  async #awaitConsent(
    tx: EntityManager,
    operation: OperationEntity,
    { actor }: Asked<OperationAction>,
    { description }: Rejected,
  ): Promise<void> {
    const by = 'cancellation_rejected';
    await this.life.advance(tx, operation, 'deletion_pending', {
      kind: 'deletion_pending',
      actor,
      summary: { by },
    });
    const { consentUntil } = operation;
    const reason = cancellationWaitsReason(description, isConsentOver(consentUntil, this.clock.now()));
    await this.tasks.openRefusal(tx, operation, reason);
  }

  /** A payment that was to go out again, or to be given back, and did not leave before its day was past. */
  async withheld(
    tx: EntityManager,
    operation: OperationEntity,
    command: Asked<OperationAction>,
  ): Promise<void> {
    const { id, action, actor } = command;
    if (action === 'request_reversal' && (await this.late.tell(tx, operation, { id, actor }))) return;
    await this.life.note(tx, operation, { kind: `${action}_not_taken`, actor, summary: { command_id: id } });
    if (action !== 'resubmit_disbursement') return;
    const reason = await this.#withAccount(tx, operation, command, commandWithheldReason(action));
    await this.tasks.openRefusal(tx, operation, reason);
    await this.review.consider(tx, operation);
  }

  async #withAccount(
    tx: EntityManager,
    { product }: OperationEntity,
    command: Asked<OperationAction>,
    reason: TaskReason,
  ): Promise<TaskReason> {
    const mayBeChanged = await this.commands.mayHaveChangedAccount(tx, product, command);
    return mayBeChanged ? accountMayBeChanged(reason) : reason;
  }

  overtaken(tx: EntityManager, { key }: OperationEntity): Promise<void> {
    return this.tasks.resolve(tx, ofOperation(key), ['command_unknown'], { as: 'overtaken' });
  }

  intendedAgain(tx: EntityManager, operation: OperationEntity): Promise<void> {
    return this.review.consider(tx, operation);
  }

  async unknownForLong(
    tx: EntityManager,
    operation: OperationEntity,
    { id, action }: Asked<OperationAction>,
  ): Promise<void> {
    const { httpStatus } = await tx.findOneByOrFail(OperationCommandEntity, { id });
    const reason = saysYes(httpStatus) ? commandUnreadReason(action) : commandUnknownReason(action);
    await this.tasks.open(tx, operation, 'command_unknown', reason);
  }

  /** A person found out that QI never took a command whose answer was lost. */
  async notTaken(
    tx: EntityManager,
    operation: OperationEntity,
    { id, action }: Pick<Asked<OperationAction>, 'id' | 'action'>,
    actor: string,
  ): Promise<void> {
    await this.commands.settle(tx, id, 'rejected', actor);
    if (action === 'request_reversal' && (await this.late.tell(tx, operation, { id, actor }))) return;
    await this.life.note(tx, operation, { kind: `${action}_not_taken`, actor, summary: { command_id: id } });
    await this.#handBack(tx, operation, action, commandNotTakenReason(action));
  }

  /** One that failed before we knew that QI took it must not look like one that is under way. */
  async #resubmitted(
    tx: EntityManager,
    { key, marginStatus }: OperationEntity,
    { id }: Asked<OperationAction>,
  ): Promise<OperationFact> {
    const [row] = await tx.query<{ failed: boolean; authorized: boolean }[]>(
      `SELECT EXISTS (
           SELECT FROM operation_event e JOIN operation_command c USING (credit_operation_key)
           WHERE c.id = $1 AND e.kind = 'disbursement_failed' AND e.recorded_at > c.sent_at) AS failed,
         EXISTS (
           SELECT FROM operation_command
           WHERE credit_operation_key = $2 AND action = 'authorize' AND status = 'accepted') AS authorized`,
      [id, key],
    );
    if (row?.failed === true) return 'noted';
    const told = await tx.find(OperationEventEntity, { where: { operationKey: key }, order: { id: 'ASC' } });
    return factOfResubmission(told, marginStatus, row?.authorized ?? false);
  }

  /** The policy authorizes once; after that a person decides. What waited for this command to end is looked at again. */
  async #handBack(
    tx: EntityManager,
    operation: OperationEntity,
    action: OperationAction,
    reason: TaskReason,
  ): Promise<void> {
    if (action === 'authorize') await this.tasks.open(tx, operation, 'authorization_review', reason);
    else await this.review.consider(tx, operation);
  }

  #operation(key: string): Promise<OperationEntity> {
    return this.dataSource.manager.findOneByOrFail(OperationEntity, { key });
  }

  async #loanOf(key: string): Promise<CanceledLoan> {
    const operation = await this.#operation(key);
    return {
      creditOperationKey: operation.key,
      auctionProposalKey: operation.auctionProposalKey,
      issuerProposalRequestKey: operation.auctionKey,
      origin: operation.origin,
      isBeforeReservation:
        operation.marginStatus === null
          ? isBeforeReservation(await this.#canceledFrom(operation))
          : operation.marginStatus !== 'held',
    };
  }

  /** A second cancellation takes the way of the first. */
  async #canceledFrom({ key, status }: OperationEntity): Promise<OperationStatus> {
    if (status !== 'canceling') return status;
    const [first] = await this.dataSource.query<{ from: OperationStatus }[]>(
      `SELECT from_status AS from FROM operation_event
       WHERE credit_operation_key = $1 AND to_status = 'canceling' AND from_status <> to_status
       ORDER BY id DESC LIMIT 1`,
      [key],
    );
    return first?.from ?? status;
  }
}

const FINDINGS = { authorized: 'took_effect', not_authorized: 'found_nothing', unclear: 'unclear' } as const;

function evidenceIn(
  action: OperationAction,
  { httpStatus, body }: Extract<CommandAnswer, { kind: 'accepted' }>,
): 'took_effect' | 'found_nothing' | 'unclear' {
  if (action !== 'request_reversal') return FINDINGS[readAuthorizationEvidence(body)];
  return httpStatus === 404 ? 'found_nothing' : 'took_effect';
}
