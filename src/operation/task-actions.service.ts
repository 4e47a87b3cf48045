import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditTrail, CLOCK, type Actor } from '../platform';
import { DAY_MS, type Clock } from '../kernel';
import { OperationCommandBook } from './operation-command-book';
import { OperationCommandSender } from './operation-command-sender';
import { OperationCommands } from './operation-commands';
import { commandUnknownReason, SETTLING_ACTION } from './domain';
import { OperationLife } from './operation-life.service';
import type { OperationEntity } from './operation.entity';
import type { Refusal } from './refusal';
import { ofOperation, SYSTEM_ACTOR, TaskDesk } from './task-desk.service';
import { TaskEntity } from './task.entity';

/** Whoever mistypes the year would hide a task for good. */
const LONGEST_SNOOZE_DAYS = 30;

export type TaskOutcome = { readonly kind: 'done'; readonly task: TaskEntity } | Refusal;

/**
 * By which act on its proposal a task ends that nobody can tick off: what was found about an order for a debt whose answer is
 * lost is said with evidence, and a second person lets through what waits for one.
 */
function actOnProposal({ kind, reasonCode }: TaskEntity): 'settle_issue' | 'clear_review' | undefined {
  if (reasonCode === 'issue_unknown') return 'settle_issue';
  return kind === 'proposal_review' ? 'clear_review' : undefined;
}

/** How a person closes a task. */
export interface Resolution {
  /** For a command whose answer is not known: whether QI took it. Required there, refused elsewhere. */
  readonly outcome: 'took_effect' | 'not_taken' | undefined;
  readonly note: string | undefined;
  /** By task, the version in which it was read: one that says something else by now stays open. */
  readonly versions: Readonly<Record<string, number>>;
}

/** One thing to do to many tasks. */
export type BulkAction =
  | { readonly action: 'claim' | 'release' }
  | { readonly action: 'snooze'; readonly until: Date }
  | { readonly action: 'resolve'; readonly resolution: Resolution };

interface Change {
  readonly set: Partial<TaskEntity>;
  readonly action: 'claimed' | 'released' | 'snoozed' | 'resolved';
  readonly note?: string | undefined;
}

/** What to do with a task that is not another person's; undefined: nothing. */
type Work = (
  tx: EntityManager,
  task: TaskEntity,
  /** undefined for a task about an auction. */
  operation: OperationEntity | undefined,
) => Promise<Change | Refusal | undefined>;

interface How {
  /** Also what is another person's. */
  readonly ofOthers?: boolean;
  readonly resolution?: Resolution | undefined;
}

/** The work queue in people's hands. A task belongs to at most one of them at a time. */
@Injectable()
export class TaskActions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly life: OperationLife,
    private readonly commands: OperationCommandBook,
    private readonly sender: OperationCommandSender,
    private readonly owner: OperationCommands,
    private readonly desk: TaskDesk,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  claim(taskId: string, actor: Actor): Promise<TaskOutcome> {
    return this.#change(taskId, actor, this.#workOf({ action: 'claim' }, actor));
  }

  release(taskId: string, actor: Actor): Promise<TaskOutcome> {
    return this.#change(taskId, actor, this.#workOf({ action: 'release' }, actor));
  }

  /** Back into the queue from somebody who is away; whoever else has it by now keeps it. */
  takeBack(taskId: string, owner: string, actor: Actor): Promise<TaskOutcome> {
    const work: Work = (_tx, task) =>
      Promise.resolve(
        task.owner === null || task.owner === owner
          ? takenBackFrom(task)
          : { kind: 'claimed_by_other', owner: task.owner },
      );
    return this.#change(taskId, actor, work, { ofOthers: true });
  }

  /** The same of whoever may work no more; nothing when it is not theirs any more. */
  releaseOfAbsent(taskId: string, owner: string): Promise<TaskOutcome> {
    const work: Work = (_tx, task) =>
      Promise.resolve(task.owner === owner ? takenBackFrom(task, 'owner_left') : undefined);
    return this.#change(taskId, { id: SYSTEM_ACTOR, roles: [] }, work, { ofOthers: true });
  }

  /** Out of the queue until then; back in it by itself. */
  snooze(taskId: string, until: Date, actor: Actor): Promise<TaskOutcome> {
    return this.#change(taskId, actor, this.#workOf({ action: 'snooze', until }, actor));
  }

  resolve(taskId: string, resolution: Resolution, actor: Actor): Promise<TaskOutcome> {
    return this.#change(taskId, actor, this.#workOf({ action: 'resolve', resolution }, actor), {
      resolution,
    });
  }

  /**
   * Does the same to each of them, one by one: what is refused for one stops no other.
   * A preview says what would happen and changes nothing.
   */
  async inBulk(
    taskIds: readonly string[],
    bulk: BulkAction,
    actor: Actor,
    preview: boolean,
  ): Promise<readonly { readonly taskId: string; readonly outcome: TaskOutcome }[]> {
    const results = [];
    for (const taskId of new Set(taskIds)) {
      const work = this.#workOf(bulk, actor);
      const how = { preview, resolution: bulk.action === 'resolve' ? bulk.resolution : undefined };
      results.push({ taskId, outcome: await this.#change(taskId, actor, work, how) });
    }
    return results;
  }

  #workOf(bulk: BulkAction, actor: Actor): Work {
    switch (bulk.action) {
      case 'claim':
        return (_tx, task) => Promise.resolve(claimBy(actor, task));
      case 'release':
        return (_tx, task) => Promise.resolve(releaseOf(task));
      case 'snooze':
        return () => Promise.resolve(this.#snoozeUntil(bulk.until));
      case 'resolve':
        return (tx, task, operation) => this.#resolve(tx, task, operation, bulk.resolution, actor);
    }
  }

  #snoozeUntil(until: Date): Change | Refusal {
    const now = this.clock.now();
    const refuse = (message: string): Refusal => ({
      kind: 'invalid',
      problems: [{ path: 'until', message }],
    });
    if (until <= now) return refuse('informe um instante futuro');
    if (until.getTime() - now.getTime() > LONGEST_SNOOZE_DAYS * DAY_MS)
      return refuse(`adie por ${String(LONGEST_SNOOZE_DAYS)} dias no máximo`);
    return { set: { snoozedUntil: until }, action: 'snoozed', note: until.toISOString() };
  }

  async #resolve(
    tx: EntityManager,
    task: TaskEntity,
    operation: OperationEntity | undefined,
    resolution: Resolution,
    actor: Actor,
  ): Promise<Change | Refusal | undefined> {
    const unread = whyUnread(task, resolution.versions[task.id]);
    if (unread !== undefined) return unread;
    const action = SETTLING_ACTION[task.kind];
    if (action !== undefined) return { kind: 'needs_action', action };
    const act = actOnProposal(task);
    if (act !== undefined) return { kind: 'settled_on_proposal', act };
    const refusal = await this.#settleCommand(tx, task, operation, resolution, actor);
    if (refusal !== undefined) return refusal;
    if (resolution.outcome === 'took_effect') return undefined; // closed with the command
    if (task.kind === 'human_review' && resolution.note === undefined)
      return { kind: 'invalid', problems: [{ path: 'note', message: 'informe o resultado da revisão' }] };
    return {
      set: {
        status: 'resolved',
        owner: null,
        resolution: resolution.outcome ?? resolution.note ?? 'done',
        resolvedBy: actor.id,
        resolvedAt: this.clock.now(),
      },
      action: 'resolved',
      note: resolution.note,
    };
  }

  /** A person found out whether QI took a command whose answer was lost. */
  async #settleCommand(
    tx: EntityManager,
    task: TaskEntity,
    operation: OperationEntity | undefined,
    { outcome }: Resolution,
    actor: Actor,
  ): Promise<Refusal | undefined> {
    const isAboutCommand = task.kind === 'command_unknown';
    if (isAboutCommand !== (outcome !== undefined)) {
      const message = isAboutCommand ? 'informe took_effect ou not_taken' : 'não se aplica a esta tarefa';
      return { kind: 'invalid', problems: [{ path: 'outcome', message }] };
    }
    if (outcome === undefined || operation === undefined) return undefined;
    const command = await this.commands.liveOf(tx, operation.key);
    if (command === undefined || commandUnknownReason(command.action).code !== task.reasonCode) {
      // What it asks about was settled without them: what they say changes nothing but their task.
      if (outcome === 'took_effect')
        await this.desk.resolve(tx, ofOperation(operation.key), ['command_unknown'], {
          as: 'accepted',
          by: actor.id,
        });
      return undefined;
    }
    if (command.status !== 'unknown') return { kind: 'already_resolved' };
    if (outcome === 'took_effect') await this.sender.outcome.accept(tx, operation, command, actor.id);
    else await this.owner.notTaken(tx, operation, command, actor.id);
    return undefined;
  }

  /**
   * One change of one task under the operation's lock, refused when the task is another person's, but for `ofOthers`. What was said
   * of it is sealed too: the words in its history the service's role may change.
   */
  async #change(
    taskId: string,
    actor: Actor,
    work: Work,
    { preview = false, ...how }: How & { readonly preview?: boolean } = {},
  ): Promise<TaskOutcome> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      const outcome = await this.#changeIn(runner.manager, taskId, actor, work, how);
      if (preview) await runner.rollbackTransaction();
      else await runner.commitTransaction();
      return outcome;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  }

  async #changeIn(
    tx: EntityManager,
    taskId: string,
    actor: Actor,
    work: Work,
    { ofOthers = false, resolution }: How,
  ): Promise<TaskOutcome> {
    const known = await tx.findOneBy(TaskEntity, { id: taskId });
    if (known === null) return { kind: 'not_found', what: 'task' };
    const operation = known.operationKey === null ? undefined : await this.life.lock(tx, known.operationKey);
    const task = await tx.findOneOrFail(TaskEntity, {
      where: { id: taskId },
      lock: { mode: 'pessimistic_write' },
    });
    if (task.status === 'resolved') return { kind: 'already_resolved' };
    const other = task.owner !== null && task.owner !== actor.id ? task.owner : undefined;
    if (other !== undefined && !ofOthers) return { kind: 'claimed_by_other', owner: other };

    const change = await work(tx, task, operation);
    if (change !== undefined && 'kind' in change) return change;
    if (change !== undefined) {
      await tx.update(TaskEntity, { id: task.id }, { ...change.set, version: task.version + 1 });
      await this.desk.record(tx, task.id, change.action, actor.id, change.note);
    }
    const changed = await tx.findOneByOrFail(TaskEntity, { id: taskId });
    if (changed.version !== task.version) {
      await this.audit.record(tx, {
        actor: actor.id,
        action: `task.${change?.action ?? 'resolved'}`,
        subject: task.operationKey ?? task.auctionKey ?? task.proposalId ?? task.id,
        reason: change?.note ?? resolution?.note,
        details: {
          task_id: taskId,
          kind: task.kind,
          ...(resolution?.outcome !== undefined && { outcome: resolution.outcome }),
          ...(other !== undefined && { taken_from: other }),
        },
      });
    }
    return { kind: 'done', task: changed };
  }
}

/**
 * Whether whoever ends a task has read what it says by now. Whoever ends a contradiction agrees to its words for the client
 * (`PaidAmounts`), so the version must be said there; elsewhere scripts, and pages of a release before, may leave it out.
 */
function whyUnread({ kind, version }: TaskEntity, read: number | undefined): Refusal | undefined {
  if (read === undefined) return kind === 'contradiction' ? { kind: 'version_needed' } : undefined;
  return read === version ? undefined : { kind: 'task_changed' };
}

/** Claiming what one holds already changes nothing. */
function claimBy(actor: Actor, task: TaskEntity): Change | undefined {
  if (task.owner === actor.id) return undefined;
  return { set: { status: 'claimed', owner: actor.id, snoozedUntil: null }, action: 'claimed' };
}

/** A snooze was its owner's word too. */
function takenBackFrom(task: TaskEntity, note?: string): Change | Refusal {
  const released = releaseOf(task);
  return 'kind' in released ? released : { ...released, set: { ...released.set, snoozedUntil: null }, note };
}

function releaseOf(task: TaskEntity): Change | Refusal {
  if (task.owner === null) return { kind: 'not_claimed' };
  return { set: { status: 'open', owner: null }, action: 'released' };
}
