import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { IntendedCommand } from '../commands';
import type { Clock, JsonObject } from '../kernel';
import { CLOCK, type Actor } from '../platform';
import { isEndOverdue, loanProduct, mayBeAsked, type OperationAction, type TaskKind } from './domain';
import { OperationCommandBook } from './operation-command-book';
import { OperationLife } from './operation-life.service';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import type { OperationEntity } from './operation.entity';
import { BUSINESS_CALENDAR_SOURCE, type BusinessCalendarSource } from './ports';
import type { Refusal } from './refusal';
import { TaskDesk } from './task-desk.service';
import { Withdrawals } from './withdrawals.service';

/** Whoever holds this task is the one who acts. */
const TASK_OF_ACTION: Readonly<Partial<Record<OperationAction, TaskKind>>> = {
  authorize: 'authorization_review',
  resubmit_disbursement: 'disbursement_failed',
};

/** Whether people may ask for an action on an operation now, and the command that carries it out. The operation is locked by the caller. */
@Injectable()
export class OperationAsks {
  constructor(
    private readonly life: OperationLife,
    private readonly commands: OperationCommandBook,
    private readonly tasks: TaskDesk,
    private readonly withdrawals: Withdrawals,
    @Inject(BUSINESS_CALENDAR_SOURCE) private readonly calendars: BusinessCalendarSource,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Whether the end of what was cancelled should have come by now. */
  isEndOverdue({ status, marginStatus: margin, statusSince, consentUntil }: OperationEntity): boolean {
    const waiting = { status, margin, statusSince, consentUntil };
    const calendar = this.calendars.currentCalendar();
    return isEndOverdue(waiting, this.clock.now(), this.limits.statusLimits, calendar);
  }

  /** What stands in the way of an action now. */
  async obstacle(
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
    if (!mayBeAsked(action, endings, loanProduct(product), this.isEndOverdue(operation)))
      return { kind: 'not_allowed', action, ...endings, product };
    const { obstacle } = action === 'request_reversal' ? await this.withdrawals.of(tx, operation) : {};
    if (obstacle !== undefined) return obstacle;
    const task = TASK_OF_ACTION[action];
    const owner = task && (await this.tasks.ownerOf(tx, operation.key, task));
    return owner !== undefined && owner !== actor.id ? { kind: 'claimed_by_other', owner } : undefined;
  }

  async intend(
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
}
