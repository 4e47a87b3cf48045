import type { EntityManager } from 'typeorm';
import type { SendingPermit } from '../platform';
import type { AttemptResult, CommandAnswer } from './command-answer';
import type { CommandJob } from './command-book';
import type { CommandEntity } from './command.entity';
import type { WhenUnknown } from './domain';

export type Rejected = Extract<CommandAnswer, { kind: 'rejected' }>;

/** found_nothing: the other side knows nothing of it, which is not believed yet. */
export type Finding = 'took_effect' | 'not_taken' | 'found_nothing' | 'unclear';

/** A command as far as its owner must know it. */
export type Asked<Action extends string> = Pick<
  CommandEntity<Action>,
  'id' | 'subject' | 'action' | 'actor' | 'attempts'
>;

/**
 * Whose commands these are: what they are about, how they are sent, and what follows from how they end. Whatever takes a
 * transaction runs while the subject's row is locked by `lock`.
 */
export interface CommandOwner<Subject, Action extends string> {
  /** Of the log and of the metric: arremate_<name>_commands_total. */
  readonly name: string;
  readonly actions: readonly Action[];
  whenUnknown(action: Action): WhenUnknown;
  /** Locks what the command is about. */
  lock(tx: EntityManager, subjectKey: string): Promise<Subject | undefined>;
  /** Whether it may (still) be sent where its subject stands. */
  isAllowed(action: Action, subject: Subject): boolean;
  /** The first moment from `from` on at which the other side takes it; left out by those who are always open. */
  opensAt?(action: Action, subject: Subject, from: Date): Date;
  /**
   * Takes its turn among all that are about to be sent, the last thing asked of one that is due.
   * @returns milliseconds to wait before it is asked again; 0: it is sent now. Left out by those who have no quota.
   */
  turn?(tx: EntityManager, action: Action, subject: Subject): Promise<number>;
  /** What became of it where nothing can come of it any more, as far as the end of its subject says; undefined: it may still count. */
  endOf(subject: Subject, action: Action): 'accepted' | 'withdrawn' | undefined;

  /** No transaction is open during these two. Whoever may withhold says in `withheld` what follows. */
  send(job: CommandJob<Action>, permit: SendingPermit): Promise<AttemptResult>;
  /** Asks whether a command took effect whose answer was lost. */
  inquire(job: CommandJob<Action>, timeoutMs: number): Promise<CommandAnswer>;
  /** What the answer to `inquire` says of it. */
  findingOf(job: CommandJob<Action>, answer: CommandAnswer, subject: Subject): Finding;

  /** QI has taken it: said so itself, or it is proven. The command is settled. */
  accepted(
    tx: EntityManager,
    subject: Subject,
    command: Asked<Action>,
    by: string,
    answer?: CommandAnswer,
  ): Promise<void>;
  /** QI has refused it. The command is settled. */
  rejected(tx: EntityManager, subject: Subject, command: Asked<Action>, answer: Rejected): Promise<void>;
  /** `send` has withheld it, and it is nowhere. The command is settled; left out by those who send whatever is allowed. */
  withheld?(tx: EntityManager, subject: Subject, command: Asked<Action>): Promise<void>;
  /** Where its subject stands has settled it, without an answer. */
  overtaken(tx: EntityManager, subject: Subject, command: Asked<Action>): Promise<void>;
  /**
   * Whether this refusal may say no more than that one was taken whose answer was lost: an attempt before, or another command;
   * left out by those whose commands are never refused for that.
   */
  isDoubtful?(
    tx: EntityManager,
    subject: Subject,
    job: CommandJob<Action>,
    refusal: Rejected,
  ): Promise<boolean>;
  /**
   * Whether people alone settle it by now, whatever was believed of it: it is looked up, and not sent (again). Left out by those
   * whose commands may always be repeated.
   */
  isHeld?(tx: EntityManager, command: CommandEntity<Action>): Promise<boolean>;
  /** It will be sent (again); what was heard while a call was under way could not stop it then, and may now. */
  intendedAgain(tx: EntityManager, subject: Subject): Promise<void>;
  /** Its answer is lost, and nothing but a person, or time, will tell. */
  unknownForLong(tx: EntityManager, subject: Subject, command: Asked<Action>): Promise<void>;
  /** It does not get through, however often it is tried; left out by those of whose commands nobody need know that. */
  notTakenForLong?(tx: EntityManager, subject: Subject, job: CommandJob<Action>): Promise<void>;
}
