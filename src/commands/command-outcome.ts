import type { EntityManager } from 'typeorm';
import { growingWaitMs } from '../kernel';
import type { EngineSettings } from '../platform';
import type { AttemptResult, CommandAnswer, Withheld } from './command-answer';
import type { CommandBook, CommandJob } from './command-book';
import type { Asked, CommandOwner } from './command-owner';
import type { CommandEntity } from './command.entity';
import { saysYes } from './domain';

/** How commands are repeated and asked about; engine.yaml says what each means. */
export type CommandLimits = Pick<
  EngineSettings['operation'],
  'concurrency' | 'poll_ms' | 'retry_base_ms' | 'retry_max_ms' | 'tell_after_attempts'
>;

/** A yes to what cannot be read: whoever has it now must not send it again. */
function isNamelessYes({ kind, httpStatus }: AttemptResult): boolean {
  return kind === 'unknown' && saysYes(httpStatus ?? null);
}

/** Nobody can have answered. */
function hasNotLeft({ kind, httpStatus }: AttemptResult): boolean {
  return (kind === 'withheld' || kind === 'not_taken') && httpStatus === undefined;
}

/** How it is told that the end of its subject settled a command. */
const SAID_BY = { accepted: 'webhook', withdrawn: 'overtaken' } as const;

/** Records what became of one call: the second commit of a command. What follows from it, its owner knows. */
export class CommandOutcome<Subject, Action extends string> {
  constructor(
    private readonly owner: CommandOwner<Subject, Action>,
    private readonly book: CommandBook<Action>,
    private readonly limits: CommandLimits,
  ) {}

  async record(tx: EntityManager, job: CommandJob<Action>, answer: AttemptResult): Promise<void> {
    const subject = await this.owner.lock(tx, job.subject);
    const live = await this.book.liveOf(tx, job.subject);
    // A webhook or a person may have settled it while the call was under way.
    if (subject === undefined || live?.id !== job.id) return;
    // Another process took it over, thinking us dead: of our late answer only a yes is worth anything.
    const wasTakenOver = live.attempts !== job.attempts;
    if (wasTakenOver && (job.call === 'inquire' || answer.kind !== 'accepted')) {
      if (job.call === 'send' && isNamelessYes(answer)) await this.book.keepAnswer(tx, job.id, answer);
      return;
    }
    if (job.call === 'send' && hasNotLeft(answer)) await this.book.putSentBack(tx, job.id, job.sentBefore);
    if (answer.kind === 'withheld') await this.#recordWithheld(tx, subject, job, answer);
    else if (job.call === 'inquire') await this.#recordInquiry(tx, subject, job, live, answer);
    else await this.#recordAnswer(tx, subject, job, answer);
  }

  /** That it is not sent once more says nothing of an attempt before whose answer was lost. */
  async #recordWithheld(
    tx: EntityManager,
    subject: Subject,
    job: CommandJob<Action>,
    answer: Withheld,
  ): Promise<void> {
    if (job.answerLost) {
      await this.#leaveUnknown(tx, subject, job, answer);
      return;
    }
    // Not as withdrawn: an attempt before may have been sent, so its owner looks for it before it sends another.
    await this.book.settle(tx, job.id, 'rejected', 'overtaken', answer);
    await this.owner.withheld?.(tx, subject, job);
  }

  async #recordAnswer(
    tx: EntityManager,
    subject: Subject,
    job: CommandJob<Action>,
    answer: CommandAnswer,
  ): Promise<void> {
    const end = this.owner.endOf(subject, job.action);
    const isDoubtful =
      answer.kind === 'rejected' && (await this.owner.isDoubtful?.(tx, subject, job, answer)) === true;
    if (end !== undefined && (isDoubtful || answer.kind === 'not_taken' || answer.kind === 'unknown')) {
      await this.book.settle(tx, job.id, end, SAID_BY[end], answer);
      await this.owner.overtaken(tx, subject, job);
      return;
    }
    switch (answer.kind) {
      case 'accepted':
        await this.accept(tx, subject, job, 'qi', answer);
        return;
      case 'rejected':
        if (isDoubtful) {
          await this.#leaveUnknown(tx, subject, job, answer);
          return;
        }
        await this.book.settle(tx, job.id, 'rejected', 'qi', answer);
        await this.owner.rejected(tx, subject, job, answer);
        return;
      case 'not_taken':
        await this.#putBack(tx, subject, job, answer);
        return;
      case 'unknown':
        await this.#leaveUnknown(tx, subject, job, answer);
        return;
    }
  }

  /** Not taken this time. What an earlier attempt did is as unknown as before. */
  async #putBack(
    tx: EntityManager,
    subject: Subject,
    job: CommandJob<Action>,
    answer: CommandAnswer,
  ): Promise<void> {
    if (job.mayHaveTaken) {
      await this.book.postpone(tx, job.id, 'unknown', this.#waitMs(job.attempts), answer);
      return;
    }
    await this.#intendAgain(tx, subject, job, this.#waitMs(job.attempts), answer);
    if (job.attempts >= this.limits.tell_after_attempts) await this.owner.notTakenForLong?.(tx, subject, job);
  }

  async #intendAgain(
    tx: EntityManager,
    subject: Subject,
    job: CommandJob<Action>,
    waitMs: number,
    answer?: CommandAnswer,
  ): Promise<void> {
    await this.book.postpone(tx, job.id, 'intended', waitMs, answer);
    await this.owner.intendedAgain(tx, subject);
  }

  /** QI has taken the command: said so itself, or it is proven. */
  async accept(
    tx: EntityManager,
    subject: Subject,
    command: Asked<Action>,
    by: string,
    answer?: CommandAnswer,
  ): Promise<void> {
    await this.book.settle(tx, command.id, 'accepted', by, answer);
    await this.owner.accepted(tx, subject, command, by, answer);
  }

  /** What a query says about a command whose answer was lost. */
  async #recordInquiry(
    tx: EntityManager,
    subject: Subject,
    job: CommandJob<Action>,
    live: CommandEntity<Action>,
    answer: CommandAnswer,
  ): Promise<void> {
    switch (this.owner.findingOf(job, answer, subject)) {
      case 'took_effect':
        await this.accept(tx, subject, job, 'inquiry', answer);
        return;
      case 'not_taken':
        if ((await this.owner.isHeld?.(tx, live)) === true) {
          await this.#leaveUnknown(tx, subject, job);
          return;
        }
        // Counted too: what is to be sent again after a finding is told by it from what was not taken.
        await this.book.countFoundNothing(tx, job.id);
        await this.#intendAgain(tx, subject, job, this.#waitMs(1));
        return;
      case 'found_nothing':
        await this.book.countFoundNothing(tx, job.id);
        // The send, and each time it was not found: what QI did not answer before says nothing of how often to ask now.
        await this.#leaveUnknown(tx, subject, job, undefined, this.#waitMs(job.foundNothing + 2));
        return;
      case 'unclear':
        await this.#leaveUnknown(tx, subject, job);
        return;
    }
  }

  async #leaveUnknown(
    tx: EntityManager,
    subject: Subject,
    job: CommandJob<Action>,
    answer?: AttemptResult,
    waitMs = this.#waitMs(job.attempts),
  ): Promise<void> {
    await this.book.postpone(tx, job.id, 'unknown', waitMs, answer);
    await this.#tellIfTooLong(tx, subject, job);
  }

  /**
   * The process that was sending died between the call and the answer, or the database was restored.
   * @param telling people: at once, or when QI's answer stays unknown for long
   */
  async markLost(
    tx: EntityManager,
    subject: Subject,
    command: Asked<Action>,
    telling: 'tell' | 'tell_later' = 'tell_later',
  ): Promise<void> {
    const end = this.owner.endOf(subject, command.action);
    if (end !== undefined) {
      await this.book.settle(tx, command.id, end, SAID_BY[end]);
      await this.owner.overtaken(tx, subject, command);
      return;
    }
    await this.book.postpone(tx, command.id, 'unknown', 0);
    if (telling === 'tell') await this.owner.unknownForLong(tx, subject, command);
    else await this.#tellIfTooLong(tx, subject, command);
  }

  async #tellIfTooLong(tx: EntityManager, subject: Subject, command: Asked<Action>): Promise<void> {
    const atOnce = this.owner.whenUnknown(command.action) === 'ask';
    if (!atOnce && command.attempts < this.limits.tell_after_attempts) return;
    await this.owner.unknownForLong(tx, subject, command);
  }

  #waitMs(tries: number): number {
    const { retry_base_ms: baseMs, retry_max_ms: maxMs } = this.limits;
    return growingWaitMs(tries, { baseMs, maxMs });
  }
}
