import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditTrail, isSamePerson } from '../platform';
import { ApprovalBook } from './approval-book.service';
import { ApprovalEntity, type ApprovedAction } from './approval.entity';
import { AuthorizationReview } from './authorization-review.service';
import { accepted, IdempotentRequests, type Accepted } from './idempotent-requests.service';
import { OperationAsks } from './operation-asks.service';
import { OperationCommandBook } from './operation-command-book';
import { OperationCommandSender } from './operation-command-sender';
import { OperationLife } from './operation-life.service';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import type { OperationEntity } from './operation.entity';
import type { PersonsRequest } from './persons-request';
import type { Refusal } from './refusal';
import { ofOperation, TaskDesk } from './task-desk.service';

type Work = (
  tx: EntityManager,
  operation: OperationEntity,
  approval: ApprovalEntity,
) => Promise<Accepted | Refusal>;

const DEED = { approve: 'approved', reject: 'rejected', undo: 'undone' } as const;

/** What a second person does to what a first one has asked for, and how either takes it back: see `OperatorActions`. */
@Injectable()
export class ApprovalActions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly life: OperationLife,
    private readonly asks: OperationAsks,
    private readonly commands: OperationCommandBook,
    private readonly approvals: ApprovalBook,
    private readonly review: AuthorizationReview,
    private readonly tasks: TaskDesk,
    private readonly requests: IdempotentRequests,
    private readonly audit: AuditTrail,
    private readonly sender: OperationCommandSender,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
  ) {}

  /** The second person agrees: it is sent after the undo window. */
  approve(
    approvalId: string,
    note: string | undefined,
    request: PersonsRequest,
  ): Promise<Accepted | Refusal> {
    return this.#decide({ verb: 'approve', note }, approvalId, request, async (tx, operation, approval) => {
      const action = actionOf(approval);
      const refusal = await this.asks.obstacle(tx, operation, action, request.actor);
      if (refusal !== undefined) return refusal;
      const { id: commandId, notBefore } = await this.asks.intend(tx, operation, action, request.actor, {
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
    return this.#decide({ verb: 'reject', note }, approvalId, request, async (tx, operation, approval) => {
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
    return this.#withApproval({ verb: 'undo' }, approvalId, request, async (tx, operation, approval) => {
      if (approval.status !== 'approved') return { kind: 'already_decided', status: approval.status };
      const live = await this.commands.liveOf(tx, operation.key);
      if (
        live === undefined ||
        live.id !== approval.commandId ||
        !(await this.commands.isUnsent(tx, live.id))
      )
        return { kind: 'too_late' };
      await this.commands.settle(tx, live.id, 'withdrawn', request.actor.id);
      await this.tasks.resolve(tx, ofOperation(operation.key), ['command_unknown'], {
        as: 'undone',
        by: request.actor.id,
      });
      await this.life.note(tx, operation, {
        kind: `${actionOf(approval)}_undone`,
        actor: request.actor.id,
        summary: { approval_id: approval.id },
      });
      await this.review.consider(tx, operation);
      return accepted({ approval_id: approval.id, status: 'approved', command_status: 'withdrawn' }, 200);
    });
  }

  #decide(
    { verb, note }: { readonly verb: 'approve' | 'reject'; readonly note: string | undefined },
    approvalId: string,
    request: PersonsRequest,
    work: Work,
  ): Promise<Accepted | Refusal> {
    return this.#withApproval({ verb, note }, approvalId, request, async (tx, operation, approval) => {
      if (approval.status !== 'pending') return { kind: 'already_decided', status: approval.status };
      if (await isSamePerson(tx, request.actor.id, [approval.requestedBy])) return { kind: 'same_person' };
      return work(tx, operation, approval);
    });
  }

  async #withApproval(
    { verb, note }: { readonly verb: keyof typeof DEED; readonly note?: string | undefined },
    approvalId: string,
    request: PersonsRequest,
    work: Work,
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
            reason: note,
            details: { approval_id: approval.id, action: approval.action },
          });
        }
        return outcome;
      }),
    );
    this.sender.nudge();
    return outcome;
  }
}

/** @throws Error for the one request that belongs to no operation */
function actionOf({ action }: ApprovalEntity): ApprovedAction {
  if (action === 'release_kill_switch') throw new Error('a release is no action on an operation');
  return action;
}
