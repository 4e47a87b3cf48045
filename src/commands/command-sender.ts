import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { EntityManager } from 'typeorm';
import { growingWaitMs, withoutDocumentNumbers } from '../kernel';
import {
  closedCounter,
  freeForUs,
  isAwaitedKey,
  isPassing,
  leaseLeftMs,
  markUnderLease,
  Periodic,
  type LeaseGuard,
  untilDone,
} from '../platform';
import type { RestoreCounts } from '../recovery';
import { ATTEMPT_RESULTS, type AttemptResult, type CommandAnswer } from './command-answer';
import type { CommandBook, CommandJob } from './command-book';
import { CommandOutcome, type CommandLimits } from './command-outcome';
import type { CommandOwner } from './command-owner';
import type { CommandEntity } from './command.entity';
import { LIVE_COMMAND_STATUSES, type CommandStatus } from './domain';
import type { SenderGround } from './sender-ground';

/** How often the database may refuse an answer for what it is before the answer is given up as lost. */
const REFUSALS = 5;

/** Between two tries to record an answer: an outage that ends is followed soon. */
const LONGEST_RECORD_WAIT_MS = 2_000;

/** A timer may ring a little early, and what is not due then waits for the next poll. */
const SURELY_DUE_MS = 20;

/** While QI seems down, times the first pause: it is noticed soon when it is back. */
const LONGEST_PAUSE = 16;

/** again: the row changed hands meanwhile, waits, or cannot be worked with. */
type Claim<Action extends string> = ClaimedCommand<Action> | 'again';

interface DueCommand {
  readonly id: string;
  readonly subject: string;
  readonly status: CommandStatus;
  /** Until it is due. */
  readonly in_ms: number;
}

interface ClaimedCommand<Action extends string> extends CommandJob<Action> {
  /** Told again and again while the call lasts. */
  refusal: LeaseGuard;
  /** Whether its answer is our own: refused just before its first byte, or failed on our side. */
  isOurs: boolean;
}

/**
 * Sends durable commands to QI, each in three steps that survive a kill at any point: committed as sending,
 * sent, settled with the answer. No transaction is open during a call. A command that a dead process was
 * sending has an unknown answer: it is asked about, never simply repeated. The same holds for one of our own that is not
 * in our hands. A process that was stopped after its mark on disk sends nothing once its lease may have been lost.
 */
export class CommandSender<Subject, Action extends string>
  implements OnApplicationBootstrap, OnModuleDestroy
{
  readonly outcome: CommandOutcome<Subject, Action>;
  readonly #sent: Counter<'action' | 'outcome'>;
  /** The commands that calls are under way for. */
  readonly #active = new Set<string>();
  #claiming: Promise<void> | undefined;
  readonly #polls: Periodic;
  #idle: (() => void) | undefined;
  /** For what is due before the next poll. */
  #look: NodeJS.Timeout | undefined;
  /** Commands that could not be worked with here, and until when (monotonic) they are passed over: others wait behind them. */
  readonly #aside = new Map<string, number>();
  /** QI seems down: one call at a time, and not before this. */
  #failuresInARow = 0;
  #pausedUntil = 0;
  /** Actions whose lost answers are nobody's business but a person's. */
  readonly #leftToPeople: readonly Action[];

  constructor(
    private readonly owner: CommandOwner<Subject, Action>,
    private readonly book: CommandBook<Action>,
    private readonly limits: CommandLimits,
    private readonly ground: SenderGround,
  ) {
    const { logger, metrics, restoreSteps } = ground;
    restoreSteps.add((tx) => this.#makeUnknown(tx));
    this.outcome = new CommandOutcome(owner, book, limits);
    this.#leftToPeople = owner.actions.filter((action) => owner.whenUnknown(action) === 'ask');
    this.#polls = new Periodic({
      name: `${owner.name}_commands`,
      everyMs: limits.poll_ms,
      run: async () => {
        await this.#startAll();
        // Not well done, so that whoever watches is told.
        const passedOver = this.#passedOver();
        if (passedOver.length > 0)
          throw new Error(`passed over, for they cannot be worked with: ${passedOver.join(', ')}`);
      },
      onError: (error) => {
        logger.error({ err: error, owner: owner.name }, 'commands could not be looked for');
      },
    });
    const askable = owner.actions.filter((action) => owner.whenUnknown(action) === 'inquire');
    this.#sent = closedCounter(metrics, {
      name: `arremate_${owner.name}_commands_total`,
      help: `Calls to QI about ${owner.name}s, by action and outcome`,
      labels: { action: [...owner.actions, ...askable.map(inquiryOf)], outcome: ATTEMPT_RESULTS },
    });
  }

  /** The database is a copy: whatever is not settled in it may have been sent, or taken back, since. People are told. */
  async #makeUnknown(tx: EntityManager): Promise<RestoreCounts> {
    const { name, subjectColumn } = this.book.table;
    const live = await tx.query<{ subject: string }[]>(
      `SELECT ${subjectColumn} AS subject FROM ${name} WHERE status = ANY ($1) ORDER BY 1`,
      [LIVE_COMMAND_STATUSES],
    );
    for (const row of live) {
      const subject = await this.owner.lock(tx, row.subject);
      const command = await this.book.liveOf(tx, row.subject);
      if (subject !== undefined && command !== undefined)
        await this.outcome.markLost(tx, subject, command, 'tell');
    }
    return { commands_unknown: live.length };
  }

  onApplicationBootstrap(): void {
    if (this.#sends) this.#polls.start();
  }

  /** Calls under way may end; what does not is freed with our lease and asked about by another process. */
  async onModuleDestroy(): Promise<void> {
    await this.#polls.stop();
    // Each call that ends looks for what is due next, and may leave a look for later.
    while (this.#claiming !== undefined || this.#active.size > 0) {
      await this.#claiming?.catch(() => undefined);
      if (this.#active.size > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    }
    clearTimeout(this.#look);
  }

  nudge(): void {
    if (!this.#sends) return;
    this.#startAll().catch((error: unknown) => {
      this.ground.logger.error({ err: error }, 'commands could not be claimed');
    });
  }

  /** QI seems down: no call is under way, and none is made before a moment that lies ahead, whatever is due. */
  get isPaused(): boolean {
    return this.#active.size === 0 && this.ground.clock.monotonicMs() < this.#pausedUntil;
  }

  /** A dry run decides and records and sends nothing; a process for the web leaves sending to the workers. */
  get #sends(): boolean {
    return !this.ground.settings.ARREMATE_DRY_RUN && this.ground.settings.ARREMATE_ROLE !== 'web';
  }

  #startAll(): Promise<void> {
    this.#claiming ??= this.#claimAll().finally(() => (this.#claiming = undefined));
    return this.#claiming;
  }

  async #claimAll(): Promise<void> {
    while (!this.ground.draining.hasBegun && this.#active.size < this.#room()) {
      const due = await this.#nextDue();
      if (due === undefined) return;
      if (due.in_ms > 0) {
        this.#lookIn(due.in_ms);
        return;
      }
      const job = await this.#claimOrSetAside(due);
      if (job !== 'again') this.#start(job);
    }
  }

  async #claimOrSetAside(due: DueCommand): Promise<Claim<Action>> {
    try {
      return await this.#claim(due);
    } catch (error) {
      if (isPassing(error)) throw error;
      this.#putAside(due.id, error);
      return 'again';
    }
  }

  #putAside(id: string, error: unknown): void {
    this.#aside.set(id, this.ground.clock.monotonicMs() + this.limits.retry_max_ms);
    this.ground.logger.error(
      { err: error, command_id: id },
      'a command cannot be worked with: passed over for a while',
    );
  }

  #passedOver(): readonly string[] {
    const now = this.ground.clock.monotonicMs();
    for (const [id, until] of this.#aside) if (until <= now) this.#aside.delete(id);
    return [...this.#aside.keys()];
  }

  #room(): number {
    if (this.ground.clock.monotonicMs() < this.#pausedUntil) return 0;
    return this.#failuresInARow > 0 ? 1 : this.limits.concurrency;
  }

  #start(job: ClaimedCommand<Action>): void {
    this.#active.add(job.id);
    void this.#perform(job)
      .catch((error: unknown) => {
        if (isPassing(error))
          this.ground.logger.error({ err: error, command_id: job.id, action: job.action }, 'command failed');
        else this.#putAside(job.id, error);
      })
      .finally(() => {
        this.#active.delete(job.id);
        if (this.#active.size === 0) this.#idle?.();
        this.nudge();
      });
  }

  /**
   * Takes a command that is due. The row was looked for without a lock and looked at again under the
   * operation's lock, because everything that moves an operation locks the operation first.
   */
  #claim(due: DueCommand): Promise<Claim<Action>> {
    return this.ground.dataSource.transaction(async (tx): Promise<Claim<Action>> => {
      const subject = await this.owner.lock(tx, due.subject);
      const command = await this.book.liveOf(tx, due.subject);
      if (subject === undefined || command?.id !== due.id || command.status !== due.status) return 'again';

      if (command.status === 'sending') {
        await this.outcome.markLost(tx, subject, command);
        return 'again';
      }
      const inquires = command.status === 'unknown' && this.owner.whenUnknown(command.action) === 'inquire';
      const call = inquires ? 'inquire' : 'send';
      if (call === 'send' && !this.owner.isAllowed(command.action, subject)) {
        await this.book.settle(tx, command.id, 'withdrawn', 'overtaken');
        await this.owner.overtaken(tx, subject, command);
        return 'again';
      }
      if (call === 'send' && (await this.#waits(tx, subject, command))) return 'again';
      const refusal = await this.#lease(tx, command.id, call);
      if (refusal === undefined) return 'again';
      const { id, action, actor, attempts, foundNothing, sentAt } = command;
      const mayHaveTaken = command.status === 'unknown';
      const answerLost = command.answerLost || mayHaveTaken;
      return {
        ...{ id, subject: due.subject, action, actor, attempts: attempts + 1, foundNothing },
        sentBefore: sentAt,
        ...{ call, mayHaveTaken, answerLost, refusal },
        isOurs: false,
      };
    });
  }

  /**
   * Nobody knocks at a door that is closed: what is due then, or again then, is put off until it opens. What people are settling
   * waits for them, and is looked up meanwhile where its answer was lost; and what comes before its turn waits for that.
   */
  async #waits(tx: EntityManager, subject: Subject, command: CommandEntity<Action>): Promise<boolean> {
    const { id, action, status, answerLost } = command;
    const now = this.ground.clock.now();
    const opensAt = this.owner.opensAt?.(action, subject, now) ?? now;
    const isHeld = (await this.owner.isHeld?.(tx, command)) === true;
    if (isHeld && answerLost && status === 'intended') {
      await this.book.postpone(tx, id, 'unknown', 0);
      return true;
    }
    const closedMs = Math.max(opensAt.getTime() - now.getTime(), isHeld ? this.limits.retry_max_ms : 0);
    const waitMs = closedMs > 0 ? closedMs : ((await this.owner.turn?.(tx, action, subject)) ?? 0);
    if (waitMs <= 0) return false;
    await this.book.postpone(tx, id, status === 'unknown' ? 'unknown' : 'intended', waitMs);
    return true;
  }

  /** What is due before the next poll is not to wait for it. */
  #lookIn(ms: number): void {
    if (ms >= this.limits.poll_ms) return;
    clearTimeout(this.#look);
    this.#look = setTimeout(() => {
      this.nudge();
    }, ms + SURELY_DUE_MS).unref();
  }

  /** What this process knows to be on disk: nothing is sent on a database that holds less. */
  #known(): readonly [generation: string | undefined, counter: number | undefined] {
    const { known } = this.ground.recovery;
    return [known?.generation, known?.counter];
  }

  /**
   * The next one, due now or later. While a restore is unconfirmed, only what changes nothing at QI: commands whose answers are
   * lost are asked about.
   */
  async #nextDue(): Promise<DueCommand | undefined> {
    const [due] = await this.ground.dataSource.query<DueCommand[]>(
      `SELECT id, ${this.book.table.subjectColumn} AS subject, status,
         extract(epoch FROM not_before - clock_timestamp())::float8 * 1000 AS in_ms
       FROM ${this.book.table.name}
       WHERE status IN ('intended', 'sending', 'unknown') AND NOT (status = 'unknown' AND action = ANY ($1))
         AND (status = 'sending' OR status = 'unknown' AND action = ANY ($4)
           OR NOT EXISTS (SELECT FROM recovery WHERE confirmed_at IS NULL))
         AND ${freeForUs('$2', '$3')} AND is_known_history($5, $6) AND id <> ALL ($7)
       ORDER BY not_before LIMIT 1`,
      [
        this.#leftToPeople,
        this.ground.instances.id,
        [...this.#active],
        this.book.table.askable,
        ...this.#known(),
        this.#passedOver(),
      ],
    );
    return due;
  }

  /** @returns what says, just before the first byte, that the lease may be lost; undefined when somebody else has it. */
  async #lease(
    tx: EntityManager,
    commandId: string,
    call: CommandJob['call'],
  ): Promise<LeaseGuard | undefined> {
    return markUnderLease(this.ground.clock, async () => {
      const [[leased]] = await tx.query<[{ left_ms: number | null }[], number]>(
        `UPDATE ${this.book.table.name}
       SET lease_owner = $2, attempts = attempts + 1, status = CASE WHEN $3 THEN 'sending' ELSE status END,
           sent_at = CASE WHEN $3 THEN clock_timestamp() ELSE sent_at END,
           found_nothing = CASE WHEN $3 THEN 0 ELSE found_nothing END
       WHERE id = $1 AND ${freeForUs('$2', '$4')} AND is_known_history($5, $6)
       RETURNING ${leaseLeftMs('$2')} AS left_ms`,
        [commandId, this.ground.instances.id, call === 'send', [...this.#active], ...this.#known()],
      );
      return leased;
    });
  }

  async #perform(job: ClaimedCommand<Action>): Promise<void> {
    const answer = shown(await this.#ask(job));
    this.#sent.inc({
      action: job.call === 'inquire' ? inquiryOf(job.action) : job.action,
      outcome: answer.kind,
    });
    // Our own answer says nothing of QI.
    if (!job.isOurs && answer.kind !== 'withheld') this.#rememberHealth(answer);
    this.ground.logger.info(
      {
        [this.owner.name]: job.subject,
        action: job.action,
        call: job.call,
        attempt: job.attempts,
        outcome: answer.kind,
        http_status: answer.httpStatus,
      },
      'asked QI',
    );
    await this.#record(job, answer);
  }

  /**
   * What QI has said cannot be asked for again in every case: the database is asked until it has taken it. One that
   * answers and refuses would refuse for ever, so that is given up; then another sweep finds the command.
   */
  async #record(job: CommandJob<Action>, answer: AttemptResult): Promise<void> {
    let refusals = 0;
    const { signal } = this.ground.draining;
    const write = () => this.ground.dataSource.transaction((tx) => this.outcome.record(tx, job, answer));
    await untilDone(write, {
      waits: { baseMs: this.limits.retry_base_ms, maxMs: LONGEST_RECORD_WAIT_MS },
      signal,
      onFailure: async (error) => {
        if (await this.#databaseAnswers()) refusals += 1;
        if (refusals === REFUSALS || signal.aborted) throw error;
        this.ground.logger.warn({ err: error, command_id: job.id }, 'an answer of QI was not recorded yet');
      },
    });
  }

  #databaseAnswers(): Promise<boolean> {
    return this.ground.dataSource.query('SELECT').then(
      () => true,
      () => false,
    );
  }

  /** What we cannot put into a call or read out of an answer is no word of QI's: whether it has taken the command is not known. */
  async #ask(job: ClaimedCommand<Action>): Promise<AttemptResult> {
    try {
      return await this.#call(job);
    } catch (error) {
      if (isPassing(error)) throw error;
      job.isOurs = true;
      this.ground.logger.error(
        { err: error, command_id: job.id, action: job.action },
        'a call failed on our side',
      );
      // All that goes into a call is opened before its first byte. A key that is lost is a matter for people.
      const kind = job.call === 'send' && isAwaitedKey(error) ? 'not_taken' : 'unknown';
      return { kind, why: 'failed on our side', httpStatus: undefined };
    }
  }

  async #call(job: ClaimedCommand<Action>): Promise<AttemptResult> {
    const timeoutMs = this.ground.settings.QI_TIMEOUT_MS;
    if (job.call === 'inquire') return this.owner.inquire(job, timeoutMs);
    const until = new Date(this.ground.clock.now().getTime() + timeoutMs);
    const permit = {
      until,
      refusal: () => {
        const why = job.refusal();
        job.isOurs ||= why !== undefined;
        return why;
      },
    };
    const looks = new Periodic({
      name: 'command_lease',
      everyMs: this.ground.settings.engine.instance.heartbeat_ms,
      run: () => this.#lookAtLease(job),
      onError: () => undefined, // what was known before runs out by itself
    });
    looks.start();
    try {
      return await this.owner.send(job, permit);
    } finally {
      await looks.stop();
    }
  }

  /** A connection may take longer to be ready than a lease holds that is not renewed. */
  async #lookAtLease(job: ClaimedCommand<Action>): Promise<void> {
    const look = async () => {
      const [leased] = await this.ground.dataSource.query<{ left_ms: number | null }[]>(
        `SELECT ${leaseLeftMs('$2')} AS left_ms FROM ${this.book.table.name}
       WHERE id = $1 AND lease_owner = $2 AND status = 'sending' AND attempts = $3`,
        [job.id, this.ground.instances.id, job.attempts],
      );
      return leased;
    };
    job.refusal = (await markUnderLease(this.ground.clock, look)) ?? (() => 'taken_over');
  }

  /** While QI does not take calls, one process makes one at a time and waits longer after each: no storm. */
  #rememberHealth(answer: CommandAnswer): void {
    if (answer.kind === 'accepted' || answer.kind === 'rejected') {
      this.#failuresInARow = 0;
      return;
    }
    this.#failuresInARow += 1;
    const { retry_base_ms: baseMs, retry_max_ms: longestMs } = this.limits;
    const waits = { baseMs, maxMs: Math.min(LONGEST_PAUSE * baseMs, longestMs) };
    this.#pausedUntil = this.ground.clock.monotonicMs() + growingWaitMs(this.#failuresInARow, waits);
  }
}

const inquiryOf = (action: string): string => `${action}_inquiry`;

/** What is kept readable of an answer names nobody; its body is kept encrypted. */
function shown(answer: AttemptResult): AttemptResult {
  if (answer.kind !== 'rejected') return answer;
  return { ...answer, description: withoutDocumentNumbers(answer.description) };
}
