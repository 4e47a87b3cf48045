import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOCK } from '../platform';
import { HOUR_MS, type Clock } from '../kernel';
import {
  refusedBeside,
  refusedCancellationIn,
  saidBeside,
  withoutWords,
  type OperationAction,
  type TaskKind,
  type TaskReason,
} from './domain';
import type { OperationEntity } from './operation.entity';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';

/** Who acts when nobody does. */
export const SYSTEM_ACTOR = 'system';

/** What a task is about: the column that names it, and its key. */
interface TaskSubject {
  readonly column: 'credit_operation_key' | 'proposal_id';
  readonly key: string;
}

export const ofOperation = (key: string): TaskSubject => ({ column: 'credit_operation_key', key });
export const ofProposal = (key: string): TaskSubject => ({ column: 'proposal_id', key });

/** How a task ends. */
interface TaskEnd {
  readonly as: string;
  /** The system, when it is left out. */
  readonly by?: string;
  /** How the codes of their reasons must begin; left out, all end. */
  readonly reasonsFrom?: string;
}

/** Opens and closes tasks inside the transaction that gives rise to them; the operation's row is locked by the caller. */
@Injectable()
export class TaskDesk {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
  ) {}

  /**
   * Opens a task, or renews the reason of the one of this kind that is still open. Its owner stays; a snooze ends, for it was
   * meant for what was known then.
   */
  open(tx: EntityManager, operation: OperationEntity, kind: TaskKind, reason: TaskReason): Promise<void> {
    const { key, disbursedIssueAmount } = operation;
    return this.#upsert(tx, { ...ofOperation(key), amountAtStake: disbursedIssueAmount }, kind, reason);
  }

  /** Beside whatever else is told already of what cannot be true of a loan, but for `instead`. */
  async openContradiction(
    tx: EntityManager,
    operation: OperationEntity,
    reason: TaskReason,
    instead: readonly TaskReason[] = [],
  ): Promise<void> {
    const standing = await this.#standing(tx, operation.key, 'contradiction');
    await this.open(tx, operation, 'contradiction', saidBeside(standing, reason, instead));
  }

  /** What was told so is over; what else was told stays. */
  async takeBackContradiction(
    tx: EntityManager,
    operation: OperationEntity,
    reasons: readonly TaskReason[],
    resolution: string,
  ): Promise<void> {
    const standing = await this.#standing(tx, operation.key, 'contradiction');
    if (standing === undefined) return;
    const message = withoutWords(standing.message, reasons);
    if (message === '')
      await this.resolve(tx, ofOperation(operation.key), ['contradiction'], { as: resolution });
    else await this.open(tx, operation, 'contradiction', { ...standing, message });
  }

  /** Something that was asked of QI is refused, or for people to ask again; a cancellation that was stays told beside it. */
  async openRefusal(tx: EntityManager, operation: OperationEntity, reason: TaskReason): Promise<void> {
    const standing = await this.#standing(tx, operation.key, 'command_rejected');
    await this.open(tx, operation, 'command_rejected', refusedBeside(standing, reason));
  }

  /** QI has taken what it had refused. That a cancellation was refused is not over because something else was taken. */
  async endRefusals(
    tx: EntityManager,
    operation: OperationEntity,
    action: OperationAction,
    by: string,
  ): Promise<void> {
    const its = action === 'cancel_permanently' ? '' : `${action}_`;
    await this.resolve(tx, ofOperation(operation.key), ['command_rejected'], {
      as: 'accepted',
      by,
      reasonsFrom: its,
    });
    const standing = await this.#standing(tx, operation.key, 'command_rejected');
    const left = standing && refusedCancellationIn(standing);
    if (left !== undefined) await this.open(tx, operation, 'command_rejected', left);
  }

  /** What stood in those tasks about contradictions that people have ended, the last first. */
  async contradictionsEndedByPeople(tx: EntityManager, operationKey: string): Promise<readonly string[]> {
    const ended = await tx.query<{ message: string }[]>(
      `SELECT message FROM task
       WHERE credit_operation_key = $1 AND kind = 'contradiction' AND status = 'resolved' AND resolved_by <> $2
       ORDER BY resolved_at DESC`,
      [operationKey, SYSTEM_ACTOR],
    );
    return ended.map(({ message }) => message);
  }

  async #standing(tx: EntityManager, operationKey: string, kind: TaskKind): Promise<TaskReason | undefined> {
    const [task] = await tx.query<TaskReason[]>(
      `SELECT reason_code AS code, message FROM task
       WHERE credit_operation_key = $1 AND kind = $2 AND status <> 'resolved'`,
      [operationKey, kind],
    );
    return task;
  }

  async #upsert(
    tx: EntityManager,
    { column, key, amountAtStake }: TaskSubject & { readonly amountAtStake: string | null },
    kind: TaskKind,
    reason: TaskReason,
  ): Promise<void> {
    const now = this.clock.now();
    const [task] = await tx.query<{ id: string; version: number }[]>(
      `INSERT INTO task (id, kind, ${column}, reason_code, message, amount_at_stake, due_at, status, opened_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8)
       ON CONFLICT (${column}, kind) WHERE status <> 'resolved'
       DO UPDATE SET reason_code = excluded.reason_code, message = excluded.message, snoozed_until = NULL,
         version = task.version + 1
       WHERE (task.reason_code, task.message) IS DISTINCT FROM (excluded.reason_code, excluded.message)
       RETURNING id, version`,
      [
        randomUUID(),
        kind,
        key,
        reason.code,
        reason.message,
        amountAtStake,
        new Date(now.getTime() + this.limits.task_due_hours[kind] * HOUR_MS),
        now,
      ],
    );
    if (task === undefined) return;
    await this.record(tx, task.id, task.version === 1 ? 'opened' : 'renewed', SYSTEM_ACTOR, reason.message);
  }

  /**
   * Opens a task about an auction, unless one of this kind is open for it (for `pricing_drift`: at all).
   * @returns whether it was opened
   */
  async openForAuction(
    tx: EntityManager,
    auctionKey: string,
    kind: TaskKind,
    reason: TaskReason,
    actor = SYSTEM_ACTOR,
  ): Promise<boolean> {
    const now = this.clock.now();
    const dueAt = new Date(now.getTime() + this.limits.task_due_hours[kind] * HOUR_MS);
    const id = randomUUID();
    const opened = await tx.query<unknown[]>(
      `INSERT INTO task (id, kind, auction_key, reason_code, message, due_at, status, opened_at)
       VALUES ($1, $2, $3, $4, $5, $6, 'open', $7)
       ON CONFLICT DO NOTHING RETURNING 1`,
      [id, kind, auctionKey, reason.code, reason.message, dueAt, now],
    );
    if (opened.length === 0) return false;
    await this.record(tx, id, 'opened', actor, reason.message);
    return true;
  }

  /** Opens a task about a proposal, or renews the one of this kind that is still open, as `open` does. */
  async openForProposal(
    tx: EntityManager,
    proposal: { readonly id: string; readonly disbursedIssueAmount: string | null },
    kind: TaskKind,
    reason: TaskReason,
  ): Promise<void> {
    const { id, disbursedIssueAmount } = proposal;
    await this.#upsert(tx, { ...ofProposal(id), amountAtStake: disbursedIssueAmount }, kind, reason);
  }

  /** Closes whatever is still open of these kinds. */
  async resolve(
    tx: EntityManager,
    { column, key }: TaskSubject,
    kinds: readonly TaskKind[],
    { as, by = SYSTEM_ACTOR, reasonsFrom = '' }: TaskEnd,
  ): Promise<void> {
    if (kinds.length === 0) return;
    await tx.query(
      `WITH closed AS (
         UPDATE task SET status = 'resolved', resolution = $3, resolved_by = $4, resolved_at = $5, version = version + 1
         WHERE ${column} = $1 AND kind = ANY($2) AND status <> 'resolved' AND starts_with(reason_code, $6)
         RETURNING id)
       INSERT INTO task_history (task_id, action, actor, note, at) SELECT id, 'resolved', $4, $3, $5 FROM closed`,
      [key, kinds, as, by, this.clock.now(), reasonsFrom],
    );
  }

  /** Who has claimed the open task of this kind; undefined when nobody has. */
  async ownerOf(tx: EntityManager, operationKey: string, kind: TaskKind): Promise<string | undefined> {
    const [task] = await tx.query<{ owner: string | null }[]>(
      `SELECT owner FROM task WHERE credit_operation_key = $1 AND kind = $2 AND status <> 'resolved'`,
      [operationKey, kind],
    );
    return task?.owner ?? undefined;
  }

  async record(
    tx: EntityManager,
    taskId: string,
    action: 'opened' | 'renewed' | 'claimed' | 'released' | 'snoozed' | 'resolved',
    actor: string,
    note: string | undefined,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO task_history (task_id, action, actor, note, at) VALUES ($1, $2, $3, $4, $5)`,
      [taskId, action, actor, note ?? null, this.clock.now()],
    );
  }
}
