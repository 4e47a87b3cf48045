import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOCK } from '../platform';
import type { Clock } from '../kernel';
import { AuthorizationReview } from './authorization-review.service';
import { CommandBook, type CommandJob } from './command-book.service';
import {
  ACTION_RULES,
  commandNotTakenReason,
  commandRejectedReason,
  commandUnknownReason,
  isAllowed,
  isFinal,
  readAuthorizationEvidence,
  type OperationFact,
  type TaskReason,
} from './domain';
import { OperationLife } from './operation-life.service';
import type { OperationEntity } from './operation.entity';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import type { CommandAnswer } from './ports';
import { TaskDesk } from './task-desk.service';

type LostCommand = Pick<CommandJob, 'id' | 'action' | 'attempts'>;

/** Records what became of one call: the second commit of a command, with everything that follows from it. */
@Injectable()
export class CommandOutcome {
  constructor(
    private readonly life: OperationLife,
    private readonly commands: CommandBook,
    private readonly tasks: TaskDesk,
    private readonly review: AuthorizationReview,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async record(tx: EntityManager, job: CommandJob, answer: CommandAnswer): Promise<void> {
    const operation = await this.life.lock(tx, job.operationKey);
    const live = await this.commands.liveOf(tx, job.operationKey);
    // A webhook or a person may have settled it while the call was under way.
    if (operation === undefined || live?.id !== job.id) return;
    // Another process took it over, thinking us dead: of our late answer only a yes is worth anything.
    const wasTakenOver = live.attempts !== job.attempts;
    if (wasTakenOver && (job.call === 'inquire' || answer.kind !== 'accepted')) return;
    if (job.call === 'inquire') await this.#recordInquiry(tx, operation, job, answer);
    else await this.#recordAnswer(tx, operation, job, answer);
  }

  async #recordAnswer(
    tx: EntityManager,
    operation: OperationEntity,
    job: CommandJob,
    answer: CommandAnswer,
  ): Promise<void> {
    const isMoot = isFinal(operation.status) && (answer.kind === 'not_taken' || answer.kind === 'unknown');
    if (isMoot) {
      await this.commands.settle(tx, job.id, 'withdrawn', 'overtaken', answer);
      return;
    }
    switch (answer.kind) {
      case 'accepted':
        await this.accept(tx, operation, job, 'qi', answer);
        return;
      case 'rejected':
        await this.#reject(tx, operation, job, answer);
        return;
      case 'not_taken':
        await this.#putBack(tx, operation, job, answer);
        return;
      case 'unknown':
        await this.commands.postpone(tx, job.id, 'unknown', this.#nextTry(job), answer);
        await this.#tellIfTooLong(tx, operation, job);
        return;
    }
  }

  /** Not taken this time. What an earlier attempt did is as unknown as before. */
  async #putBack(
    tx: EntityManager,
    operation: OperationEntity,
    job: CommandJob,
    answer: CommandAnswer,
  ): Promise<void> {
    if (job.mayHaveTaken) await this.commands.postpone(tx, job.id, 'unknown', this.#nextTry(job), answer);
    else await this.#intendAgain(tx, operation, job, answer);
  }

  /** What was heard while the call was under way could not stop it then, and does now. */
  async #intendAgain(
    tx: EntityManager,
    operation: OperationEntity,
    job: CommandJob,
    answer?: CommandAnswer,
  ): Promise<void> {
    await this.commands.postpone(tx, job.id, 'intended', this.#nextTry(job), answer);
    await this.review.consider(tx, operation);
  }

  /** QI has taken the command: said so itself, or it is proven. */
  async accept(
    tx: EntityManager,
    operation: OperationEntity,
    command: Pick<CommandJob, 'id' | 'action' | 'actor'>,
    by: string,
    answer?: CommandAnswer,
  ): Promise<void> {
    await this.commands.settle(tx, command.id, 'accepted', by, answer);
    await this.tasks.resolve(tx, operation.key, ['command_unknown', 'command_rejected'], 'accepted', by);
    const { acceptedAs } = ACTION_RULES[command.action];
    const fact: OperationFact = (await this.#failedAgain(tx, command)) ? 'noted' : acceptedAs;
    await this.life.advance(tx, operation, fact, { kind: acceptedAs, actor: command.actor, summary: { by } });
  }

  /** A resubmission that failed before we knew that QI took it must not look like one that is under way. */
  async #failedAgain(tx: EntityManager, command: Pick<CommandJob, 'id' | 'action'>): Promise<boolean> {
    if (command.action !== 'resubmit_disbursement') return false;
    const [row] = await tx.query<{ failed: boolean }[]>(
      `SELECT EXISTS (
         SELECT FROM operation_event e JOIN operation_command c USING (credit_operation_key)
         WHERE c.id = $1 AND e.kind = 'disbursement_failed' AND e.recorded_at > c.sent_at) AS failed`,
      [command.id],
    );
    return row?.failed ?? false;
  }

  /** QI's words stay with the command and in the task; the operation stands where it stood. */
  async #reject(
    tx: EntityManager,
    operation: OperationEntity,
    job: CommandJob,
    answer: Extract<CommandAnswer, { kind: 'rejected' }>,
  ): Promise<void> {
    await this.commands.settle(tx, job.id, 'rejected', 'qi', answer);
    await this.life.note(tx, operation, {
      kind: `${job.action}_rejected`,
      actor: job.actor,
      summary: { http_status: answer.httpStatus, code: answer.code, description: answer.description },
    });
    if (!isAllowed(job.action, operation.status)) return; // the loan has moved on: nobody need act on the refusal
    const reason = commandRejectedReason(job.action, answer);
    await this.tasks.open(tx, operation, 'command_rejected', reason);
    await this.#handBack(tx, operation, job, reason);
  }

  /** A person found out that QI never took a command whose answer was lost. */
  async notTaken(
    tx: EntityManager,
    operation: OperationEntity,
    command: Pick<CommandJob, 'id' | 'action'>,
    actor: string,
  ): Promise<void> {
    await this.commands.settle(tx, command.id, 'rejected', actor);
    const summary = { command_id: command.id };
    await this.life.note(tx, operation, { kind: `${command.action}_not_taken`, actor, summary });
    await this.#handBack(tx, operation, command, commandNotTakenReason(command.action));
  }

  /** The policy authorizes once; after that a person decides. What waited for this command to end is looked at again. */
  async #handBack(
    tx: EntityManager,
    operation: OperationEntity,
    command: Pick<CommandJob, 'action'>,
    reason: TaskReason,
  ): Promise<void> {
    if (command.action === 'authorize') await this.tasks.open(tx, operation, 'authorization_review', reason);
    else await this.review.consider(tx, operation);
  }

  /** What the reservation query says about an authorization whose answer was lost. */
  async #recordInquiry(
    tx: EntityManager,
    operation: OperationEntity,
    job: CommandJob,
    answer: CommandAnswer,
  ): Promise<void> {
    const finding = answer.kind === 'accepted' ? readAuthorizationEvidence(answer.body) : 'unclear';
    switch (finding) {
      case 'authorized':
        await this.accept(tx, operation, job, 'inquiry');
        return;
      case 'not_authorized':
        await this.#intendAgain(tx, operation, job);
        return;
      case 'unclear':
        await this.commands.postpone(tx, job.id, 'unknown', this.#nextTry(job));
        await this.#tellIfTooLong(tx, operation, job);
        return;
    }
  }

  /** The process that was sending died between the call and the answer. */
  async markLost(tx: EntityManager, operation: OperationEntity, command: LostCommand): Promise<void> {
    if (isFinal(operation.status)) {
      await this.commands.settle(tx, command.id, 'withdrawn', 'overtaken');
      return;
    }
    await this.commands.postpone(tx, command.id, 'unknown', this.clock.now());
    await this.#tellIfTooLong(tx, operation, command);
  }

  async #tellIfTooLong(tx: EntityManager, operation: OperationEntity, command: LostCommand): Promise<void> {
    const atOnce = ACTION_RULES[command.action].whenUnknown === 'ask';
    if (!atOnce && command.attempts < this.limits.tellAfterAttempts) return;
    await this.tasks.open(tx, operation, 'command_unknown', commandUnknownReason(command.action));
  }

  #nextTry(job: CommandJob): Date {
    const wait = Math.min(
      this.limits.retryBaseMs * 2 ** Math.min(job.attempts - 1, 20),
      this.limits.retryMaxMs,
    );
    return new Date(this.clock.now().getTime() + wait);
  }
}
