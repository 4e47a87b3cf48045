import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { IntendedCommand } from '../commands';
import { AuditTrail, CLOCK, FieldCipher, type Actor } from '../platform';
import type { KeptDocument } from '../documents';
import { calendarDateAt, type Clock, type JsonObject } from '../kernel';
import { ApprovalBook } from './approval-book.service';
import { ApprovalEntity } from './approval.entity';
import { AuthorizationReview } from './authorization-review.service';
import { borrowerCpfOf } from './borrower-cpf';
import { OperationCommandBook } from './operation-command-book';
import { OperationCommandSender } from './operation-command-sender';
import {
  consequenceOf,
  latestRefusedPayment,
  loanProduct,
  mayBeAsked,
  readResubmission,
  readSignatureSubmission,
  type OperationAction,
  type TaskKind,
} from './domain';
import { IdempotentRequests, type Accepted } from './idempotent-requests.service';
import { OperationLife } from './operation-life.service';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import { OperationEventEntity } from './operation-event.entity';
import { OperationEntity } from './operation.entity';
import { BUSINESS_CALENDAR_SOURCE, type BusinessCalendarSource } from './ports';
import type { PersonsRequest } from './persons-request';
import type { Refusal } from './refusal';
import { TaskDesk } from './task-desk.service';
import { Withdrawals } from './withdrawals.service';

/** Whoever holds this task is the one who acts. */
const TASK_OF_ACTION: Readonly<Partial<Record<OperationAction, TaskKind>>> = {
  authorize: 'authorization_review',
  resubmit_disbursement: 'disbursement_failed',
};

type ApprovedAction = Exclude<ApprovalEntity['action'], 'release_kill_switch'>;

const DEED = { approve: 'approved', reject: 'rejected', undo: 'undone' } as const;

/**
 * What people do to operations. Every action locks the operation, checks that the state allows it and that no other
 * command is live, and leaves one durable command behind: of two who act at once, one is told that the other was first.
 */
@Injectable()
export class OperatorActions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly life: OperationLife,
    private readonly commands: OperationCommandBook,
    private readonly approvals: ApprovalBook,
    private readonly tasks: TaskDesk,
    private readonly review: AuthorizationReview,
    private readonly requests: IdempotentRequests,
    private readonly audit: AuditTrail,
    private readonly sender: OperationCommandSender,
    private readonly cipher: FieldCipher,
    private readonly withdrawals: Withdrawals,
    @Inject(BUSINESS_CALENDAR_SOURCE) private readonly calendars: BusinessCalendarSource,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  authorize(operationKey: string, request: PersonsRequest): Promise<Accepted | Refusal> {
    return this.#act('authorize', operationKey, request, (tx, operation) =>
      this.#ask(tx, operation, 'authorize', request.actor),
    );
  }

  /** The proof of a signature that we have collected, in QI's own words; incomplete, it is refused here. */
  submitSignature(operationKey: string, request: PersonsRequest): Promise<Accepted | Refusal> {
    return this.#act('submit_signature', operationKey, request, (tx, operation) => {
      const reading = readSignatureSubmission(request.body, borrowerCpfOf(operation, this.cipher));
      if (reading.kind === 'invalid') return Promise.resolve(reading);
      return this.#ask(tx, operation, 'submit_signature', request.actor, reading.body);
    });
  }

  /** For whoever would send a proof first. @returns undefined while a signature of ours may be sent */
  async whyNoSignature(operationKey: string): Promise<Refusal | undefined> {
    const operation = await this.dataSource.manager.findOneBy(OperationEntity, { key: operationKey });
    if (operation === null) return { kind: 'not_found', what: 'operation' };
    const { status, marginStatus: margin, product } = operation;
    const action = 'submit_signature';
    const isPossible = mayBeAsked(action, { status, margin }, loanProduct(product));
    return isPossible ? undefined : { kind: 'not_allowed', action, status, margin, product };
  }

  /** A file that belongs to the operation has gone to QI: its key and hash, never what is in it. */
  noteDocument(operationKey: string, document: KeptDocument, actor: Actor): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const operation = await this.life.lock(tx, operationKey);
      if (operation === undefined) return;
      const summary = { ...document };
      await this.life.note(tx, operation, { kind: 'document_sent', actor: actor.id, summary });
      await this.audit.record(tx, {
        actor: actor.id,
        action: 'operation.document_sent',
        subject: operationKey,
      });
    });
  }

  /** QI's own body; what is wrong with it is refused here, before anything is sent. */
  resubmitDisbursement(operationKey: string, request: PersonsRequest): Promise<Accepted | Refusal> {
    return this.#act('resubmit_disbursement', operationKey, request, async (tx, operation) => {
      const events = await tx.find(OperationEventEntity, { where: { operationKey }, order: { id: 'ASC' } });
      const reading = readResubmission(request.body, {
        today: calendarDateAt(this.clock.now()),
        calendar: this.calendars.currentCalendar(),
        borrowerCpf: borrowerCpfOf(operation, this.cipher),
        refused: latestRefusedPayment(events),
      });
      if (reading.kind === 'invalid') return reading;
      return this.#ask(tx, operation, 'resubmit_disbursement', request.actor, reading.body);
    });
  }

  /** Only asks: somebody else decides. */
  cancelPermanently(
    operationKey: string,
    reason: string,
    request: PersonsRequest,
  ): Promise<Accepted | Refusal> {
    return this.#act('cancel_permanently', operationKey, request, (tx, operation) =>
      this.#askSecondPerson(tx, operation, 'cancel_permanently', reason, request.actor),
    );
  }

  /** The borrower of a paid loan withdraws from it: only asks, too. */
  requestReversal(
    operationKey: string,
    reason: string,
    request: PersonsRequest,
  ): Promise<Accepted | Refusal> {
    return this.#act('request_reversal', operationKey, request, async (tx, operation) => {
      const right = await this.withdrawals.of(tx, operation);
      const today = calendarDateAt(this.clock.now());
      if (right !== undefined && right.latest < today)
        return { kind: 'withdrawal_over', latest: right.latest };
      return this.#askSecondPerson(tx, operation, 'request_reversal', reason, request.actor);
    });
  }

  /** The second person agrees: it is sent after the undo window. */
  approve(
    approvalId: string,
    note: string | undefined,
    request: PersonsRequest,
  ): Promise<Accepted | Refusal> {
    return this.#decide('approve', approvalId, request, async (tx, operation, approval) => {
      const action = actionOf(approval);
      const refusal = await this.#obstacle(tx, operation, action, request.actor);
      if (refusal !== undefined) return refusal;
      const { id: commandId, notBefore } = await this.#intend(tx, operation, action, request.actor, {
        waitMs: this.limits.undoWindowMs,
      });
      await this.approvals.decide(tx, approval.id, {
        status: 'approved',
        by: request.actor.id,
        note,
        commandId,
      });
      return accepted(
        {
          approval_id: approval.id,
          status: 'approved',
          command_id: commandId,
          can_be_undone_until: notBefore.toISOString(),
        },
        200,
      );
    });
  }

  reject(approvalId: string, note: string | undefined, request: PersonsRequest): Promise<Accepted | Refusal> {
    return this.#decide('reject', approvalId, request, async (tx, operation, approval) => {
      await this.approvals.decide(tx, approval.id, { status: 'rejected', by: request.actor.id, note });
      await this.life.note(tx, operation, {
        kind: `${actionOf(approval)}_declined`,
        actor: request.actor.id,
        summary: { approval_id: approval.id, note },
      });
      await this.review.consider(tx, operation);
      return accepted({ approval_id: approval.id, status: 'rejected' }, 200);
    });
  }

  /** Takes back what was approved while it has not been sent. Either of the two may. */
  async undo(approvalId: string, request: PersonsRequest): Promise<Accepted | Refusal> {
    return this.#withApproval('undo', approvalId, request, async (tx, operation, approval) => {
      if (approval.status !== 'approved') return { kind: 'already_decided', status: approval.status };
      const live = await this.commands.liveOf(tx, operation.key);
      if (
        live === undefined ||
        live.id !== approval.commandId ||
        live.status !== 'intended' ||
        live.attempts > 0
      )
        return { kind: 'too_late' };
      await this.commands.settle(tx, live.id, 'withdrawn', request.actor.id);
      await this.life.note(tx, operation, {
        kind: `${actionOf(approval)}_undone`,
        actor: request.actor.id,
        summary: { approval_id: approval.id },
      });
      await this.review.consider(tx, operation);
      return accepted({ approval_id: approval.id, status: 'approved', command_status: 'withdrawn' }, 200);
    });
  }

  async #act(
    action: OperationAction,
    operationKey: string,
    request: PersonsRequest,
    work: (tx: EntityManager, operation: OperationEntity) => Promise<Accepted | Refusal>,
  ): Promise<Accepted | Refusal> {
    const outcome = await this.dataSource.transaction((tx) =>
      this.requests.once<Refusal>(tx, { ...request, target: `${action} ${operationKey}` }, async () => {
        const operation = await this.life.lock(tx, operationKey);
        if (operation === undefined) return { kind: 'not_found', what: 'operation' };
        const obstacle =
          (await this.#obstacle(tx, operation, action, request.actor)) ??
          (await this.#pendingCancellation(tx, operation));
        const outcome = obstacle ?? (await work(tx, operation));
        if (outcome.kind === 'done') {
          await this.audit.record(tx, {
            actor: request.actor.id,
            action: `operation.${action}_asked`,
            subject: operationKey,
          });
        }
        return outcome;
      }),
    );
    this.sender.nudge();
    return outcome;
  }

  /** What stands in the way of an action now. */
  async #obstacle(
    tx: EntityManager,
    operation: OperationEntity,
    action: OperationAction,
    actor: Actor,
  ): Promise<Refusal | undefined> {
    const { status } = operation;
    const command = await this.commands.liveOf(tx, operation.key);
    if (command !== undefined) return { kind: 'command_live', status, command };
    const { product } = operation;
    const endings = { status, margin: operation.marginStatus };
    if (!mayBeAsked(action, endings, loanProduct(product)))
      return { kind: 'not_allowed', action, ...endings, product };
    const task = TASK_OF_ACTION[action];
    const owner = task && (await this.tasks.ownerOf(tx, operation.key, task));
    return owner !== undefined && owner !== actor.id ? { kind: 'claimed_by_other', owner } : undefined;
  }

  async #askSecondPerson(
    tx: EntityManager,
    operation: OperationEntity,
    action: ApprovedAction,
    reason: string,
    actor: Actor,
  ): Promise<Accepted> {
    const approvalId = await this.approvals.request(tx, operation, action, { by: actor.id, reason });
    await this.life.note(tx, operation, {
      kind: `${action}_requested`,
      actor: actor.id,
      summary: { approval_id: approvalId, reason },
    });
    const consequence = consequenceOf(action, { margin: operation.marginStatus });
    return accepted({ approval_id: approvalId, status: 'pending', consequence });
  }

  /** While one person wants the end of an operation, nobody carries it on: the request is decided first. */
  async #pendingCancellation(tx: EntityManager, operation: OperationEntity): Promise<Refusal | undefined> {
    const pending = await this.approvals.pendingOf(tx, operation.key);
    return pending && { kind: 'approval_pending', approvalId: pending.id, requestedBy: pending.requestedBy };
  }

  async #ask(
    tx: EntityManager,
    operation: OperationEntity,
    action: OperationAction,
    actor: Actor,
    body?: JsonObject,
  ): Promise<Accepted> {
    const { id: commandId } = await this.#intend(tx, operation, action, actor, body && { body });
    return accepted({ command_id: commandId, action, status: 'intended' });
  }

  async #intend(
    tx: EntityManager,
    operation: OperationEntity,
    action: OperationAction,
    actor: Actor,
    details?: { readonly body?: JsonObject; readonly waitMs?: number },
  ): Promise<IntendedCommand> {
    const command = { subject: operation.key, action, actor: actor.id, ...details };
    const intended = await this.commands.intend(tx, command);
    const summary = { command_id: intended.id };
    await this.life.note(tx, operation, { kind: `${action}_intended`, actor: actor.id, summary });
    return intended;
  }

  #decide(
    verb: 'approve' | 'reject',
    approvalId: string,
    request: PersonsRequest,
    work: (
      tx: EntityManager,
      operation: OperationEntity,
      approval: ApprovalEntity,
    ) => Promise<Accepted | Refusal>,
  ): Promise<Accepted | Refusal> {
    return this.#withApproval(verb, approvalId, request, async (tx, operation, approval) => {
      if (approval.status !== 'pending') return { kind: 'already_decided', status: approval.status };
      if (approval.requestedBy === request.actor.id) return { kind: 'same_person' };
      return work(tx, operation, approval);
    });
  }

  async #withApproval(
    verb: keyof typeof DEED,
    approvalId: string,
    request: PersonsRequest,
    work: (
      tx: EntityManager,
      operation: OperationEntity,
      approval: ApprovalEntity,
    ) => Promise<Accepted | Refusal>,
  ): Promise<Accepted | Refusal> {
    const outcome = await this.dataSource.transaction((tx) =>
      this.requests.once<Refusal>(tx, { ...request, target: `${verb} ${approvalId}` }, async () => {
        const known = await tx.findOneBy(ApprovalEntity, { id: approvalId });
        const operation =
          known?.operationKey == null ? undefined : await this.life.lock(tx, known.operationKey);
        if (operation === undefined) return { kind: 'not_found', what: 'approval' };
        // Read again: it may have been decided while we waited for the operation.
        const approval = await tx.findOneByOrFail(ApprovalEntity, { id: approvalId });
        const outcome = await work(tx, operation, approval);
        if (outcome.kind === 'done') {
          await this.audit.record(tx, {
            actor: request.actor.id,
            action: `approval.${DEED[verb]}`,
            subject: operation.key,
            details: { approval_id: approval.id },
          });
        }
        return outcome;
      }),
    );
    this.sender.nudge();
    return outcome;
  }
}

function accepted(answer: Readonly<Record<string, unknown>>, httpStatus = 202): Accepted {
  return { kind: 'done', httpStatus, answer };
}

/** @throws Error for the one request that belongs to no operation */
function actionOf({ action }: ApprovalEntity): ApprovedAction {
  if (action === 'release_kill_switch') throw new Error('a release is no action on an operation');
  return action;
}
