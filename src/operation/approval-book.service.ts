import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOCK } from '../platform';
import type { Clock } from '../kernel';
import { ApprovalEntity, type ApprovedAction } from './approval.entity';
import type { OperationEntity } from './operation.entity';
import { SYSTEM_ACTOR } from './task-desk.service';

/** Requests that a second person decides. The operation's row, or the kill switch's, is locked by the caller. */
@Injectable()
export class ApprovalBook {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  async pendingOf(tx: EntityManager, operationKey: string): Promise<ApprovalEntity | undefined> {
    return (await tx.findOneBy(ApprovalEntity, { operationKey, status: 'pending' })) ?? undefined;
  }

  /** True when people have once decided against ending this operation: then nobody but a person may ask again. */
  async wasRejected(tx: EntityManager, operationKey: string): Promise<boolean> {
    return tx.existsBy(ApprovalEntity, { operationKey, action: 'cancel_permanently', status: 'rejected' });
  }

  /** Asks for what two people must want; while a request waits, another changes nothing. */
  async request(
    tx: EntityManager,
    operation: OperationEntity,
    action: ApprovedAction,
    { by, reason }: { readonly by: string; readonly reason: string },
  ): Promise<string> {
    const pending = await this.pendingOf(tx, operation.key);
    if (pending !== undefined) return pending.id;
    return this.#ask(tx, { operationKey: operation.key, action, by, reason });
  }

  async pendingRelease(tx: EntityManager): Promise<ApprovalEntity | undefined> {
    const pending = { action: 'release_kill_switch', status: 'pending' } as const;
    return (await tx.findOneBy(ApprovalEntity, pending)) ?? undefined;
  }

  requestRelease(
    tx: EntityManager,
    { by, reason }: { readonly by: string; readonly reason: string },
  ): Promise<string> {
    return this.#ask(tx, { operationKey: null, action: 'release_kill_switch', by, reason });
  }

  async decide(
    tx: EntityManager,
    approvalId: string,
    decision: {
      readonly status: 'approved' | 'rejected';
      readonly by: string;
      readonly note: string | undefined;
      readonly commandId?: string;
    },
  ): Promise<void> {
    await tx.query(
      `UPDATE approval SET status = $2, decided_by = $3, decided_at = $4, note = $5, command_id = $6 WHERE id = $1`,
      [
        approvalId,
        decision.status,
        decision.by,
        this.clock.now(),
        decision.note ?? null,
        decision.commandId ?? null,
      ],
    );
  }

  /** The operation ended: there is nothing left to decide. */
  async withdraw(tx: EntityManager, operation: OperationEntity): Promise<void> {
    await tx.query(
      `UPDATE approval SET status = 'withdrawn', decided_by = $2, decided_at = $3, note = $4
       WHERE credit_operation_key = $1 AND status = 'pending'`,
      [operation.key, SYSTEM_ACTOR, this.clock.now(), operation.status],
    );
  }

  async #ask(
    tx: EntityManager,
    asked: {
      readonly operationKey: string | null;
      readonly action: ApprovalEntity['action'];
      readonly by: string;
      readonly reason: string;
    },
  ): Promise<string> {
    const id = randomUUID();
    await tx.query(
      `INSERT INTO approval (id, credit_operation_key, action, reason, status, requested_by, requested_at)
       VALUES ($1, $2, $3, $4, 'pending', $5, $6)`,
      [id, asked.operationKey, asked.action, asked.reason, asked.by, this.clock.now()],
    );
    return id;
  }
}
