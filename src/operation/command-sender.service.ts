import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy, type OnApplicationBootstrap } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { DataSource, type EntityManager } from 'typeorm';
import {
  CLOCK,
  freeForUs,
  InstanceRegistry,
  leaseGuard,
  leaseLeftMs,
  LOGGER,
  METRICS,
  momentOf,
  Periodic,
  SETTINGS,
  type Logger,
  type Settings,
} from '../platform';
import type { SendingPermit } from '../auction';
import { type Clock, type JsonObject, withoutDocumentNumbers } from '../kernel';
import { CommandBook, type CommandJob } from './command-book.service';
import { CommandOutcome } from './command-outcome.service';
import {
  ACTION_RULES,
  isAllowed,
  isBeforeReservation,
  OPERATION_ACTIONS,
  type CommandStatus,
} from './domain';
import { OperationLife } from './operation-life.service';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import { OperationEntity } from './operation.entity';
import { RESERVATION_DESK, type CanceledLoan, type CommandAnswer, type ReservationDesk } from './ports';

/** Actions whose lost answers are nobody's business but a person's. */
const LEFT_TO_PEOPLE = OPERATION_ACTIONS.filter((action) => ACTION_RULES[action].whenUnknown === 'ask');

/** How often the database may refuse an answer for what it is before the answer is given up as lost. */
const REFUSALS = 5;

/** Between two tries to record an answer: an outage that ends is followed soon. */
const LONGEST_RECORD_WAIT_MS = 2_000;

/** Nothing is due; or a row changed hands meanwhile, so look again. */
type Claim = ClaimedCommand | 'none' | 'again';

/** Why nothing may be sent any more; undefined while the mark on disk may be trusted. */
type Refusal = () => string | undefined;

interface ClaimedCommand extends CommandJob {
  /** Told again and again while the call lasts. */
  refusal: Refusal;
  /** Whether it was refused just before its first byte. */
  isRefused: boolean;
}

/**
 * Sends durable commands to QI, each in three steps that survive a kill at any point: committed as sending,
 * sent, settled with the answer. No transaction is open during a call. A command that a dead process was
 * sending has an unknown answer: it is asked about, never simply repeated. The same holds for one of our own that is not
 * in our hands. A process that was stopped after its mark on disk sends nothing once its lease may have been lost.
 */
@Injectable()
export class CommandSender implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #sent: Counter<'action' | 'outcome'>;
  /** The commands that calls are under way for. */
  readonly #active = new Set<string>();
  readonly #stopping = new AbortController();
  #claiming: Promise<void> | undefined;
  readonly #polls: Periodic;
  #idle: (() => void) | undefined;
  /** QI seems down: one call at a time, and not before this. */
  #failuresInARow = 0;
  #pausedUntil = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly instances: InstanceRegistry,
    private readonly life: OperationLife,
    private readonly commands: CommandBook,
    private readonly outcome: CommandOutcome,
    @Inject(RESERVATION_DESK) private readonly desk: ReservationDesk,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#polls = new Periodic({
      name: 'commands',
      everyMs: limits.pollMs,
      run: () => this.#startAll(),
      onError: (error) => {
        logger.error({ err: error }, 'commands could not be looked for');
      },
    });
    this.#sent = new Counter({
      name: 'arremate_operation_commands_total',
      help: 'Calls to QI about operations, by action and outcome',
      labelNames: ['action', 'outcome'],
      registers: [metrics],
    });
  }

  onApplicationBootstrap(): void {
    if (this.#sends) this.#polls.start();
  }

  /** Calls under way may end; what does not is freed with our lease and asked about by another process. */
  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await this.#polls.stop();
    await this.#claiming;
    if (this.#active.size > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  nudge(): void {
    if (this.#sends) void this.#startAll();
  }

  /** A dry run decides and records and sends nothing; a process for the web leaves sending to the workers. */
  get #sends(): boolean {
    return !this.settings.ARREMATE_DRY_RUN && this.settings.ARREMATE_ROLE !== 'web';
  }

  #startAll(): Promise<void> {
    this.#claiming ??= this.#claimAll().finally(() => (this.#claiming = undefined));
    return this.#claiming;
  }

  async #claimAll(): Promise<void> {
    try {
      while (!this.#stopping.signal.aborted && this.#active.size < this.#room()) {
        const job = await this.#claim();
        if (job === 'none') return;
        if (job !== 'again') this.#start(job);
      }
    } catch (error) {
      this.logger.error({ err: error }, 'commands could not be claimed');
    }
  }

  #room(): number {
    if (this.clock.monotonicMs() < this.#pausedUntil) return 0;
    return this.#failuresInARow > 0 ? 1 : this.limits.concurrency;
  }

  #start(job: ClaimedCommand): void {
    this.#active.add(job.id);
    void this.#perform(job)
      .catch((error: unknown) => {
        this.logger.error({ err: error, command_id: job.id, action: job.action }, 'command failed');
      })
      .finally(() => {
        this.#active.delete(job.id);
        if (this.#active.size === 0) this.#idle?.();
        this.nudge();
      });
  }

  /**
   * Takes the command that is due first. The row is looked for without a lock and looked at again under the
   * operation's lock, because everything that moves an operation locks the operation first.
   */
  async #claim(): Promise<Claim> {
    const due = await this.#nextDue();
    if (due === undefined) return 'none';
    return this.dataSource.transaction(async (tx): Promise<Claim> => {
      const operation = await this.life.lock(tx, due.credit_operation_key);
      const command = operation && (await this.commands.liveOf(tx, operation.key));
      if (operation === undefined || command?.id !== due.id || command.status !== due.status) return 'again';

      if (command.status === 'sending') {
        await this.outcome.markLost(tx, operation, command);
        return 'again';
      }
      const inquires = command.status === 'unknown' && ACTION_RULES[command.action].whenUnknown === 'inquire';
      const call = inquires ? 'inquire' : 'send';
      if (call === 'send' && !isAllowed(command.action, operation.status)) {
        await this.commands.settle(tx, command.id, 'withdrawn', 'overtaken');
        return 'again';
      }
      const refusal = await this.#lease(tx, command.id, call);
      if (refusal === undefined) return 'again';
      const { id, operationKey, action, actor, attempts } = command;
      const mayHaveTaken = command.status === 'unknown';
      return {
        ...{ id, operationKey, action, actor, attempts: attempts + 1, call, mayHaveTaken, refusal },
        isRefused: false,
      };
    });
  }

  async #nextDue(): Promise<{ id: string; credit_operation_key: string; status: CommandStatus } | undefined> {
    const [due] = await this.dataSource.query<
      { id: string; credit_operation_key: string; status: CommandStatus }[]
    >(
      `SELECT id, credit_operation_key, status FROM operation_command
       WHERE status IN ('intended', 'sending', 'unknown') AND not_before <= $1
         AND NOT (status = 'unknown' AND action = ANY ($2))
         AND ${freeForUs('$3', '$4')}
       ORDER BY not_before LIMIT 1`,
      [this.clock.now(), LEFT_TO_PEOPLE, this.instances.id, [...this.#active]],
    );
    return due;
  }

  /** @returns what says, just before the first byte, that the lease may be lost; undefined when somebody else has it. */
  async #lease(tx: EntityManager, commandId: string, call: CommandJob['call']): Promise<Refusal | undefined> {
    const asked = momentOf(this.clock);
    const [[leased]] = await tx.query<[{ left_ms: number | null }[], number]>(
      `UPDATE operation_command
       SET lease_owner = $2, attempts = attempts + 1, status = CASE WHEN $4 THEN 'sending' ELSE status END,
           sent_at = CASE WHEN $4 THEN $3 ELSE sent_at END
       WHERE id = $1 AND ${freeForUs('$2', '$5')}
       RETURNING ${leaseLeftMs('$2')} AS left_ms`,
      [commandId, this.instances.id, this.clock.now(), call === 'send', [...this.#active]],
    );
    return leased && leaseGuard(this.clock, asked, leased.left_ms ?? 0);
  }

  async #perform(job: ClaimedCommand): Promise<void> {
    const answer = shown(await this.#call(job));
    this.#sent.inc({
      action: job.call === 'inquire' ? `${job.action}_inquiry` : job.action,
      outcome: answer.kind,
    });
    // Our own refusal says nothing of QI.
    if (!job.isRefused) this.#rememberHealth(answer);
    this.logger.info(
      {
        operation: job.operationKey,
        action: job.action,
        call: job.call,
        attempt: job.attempts,
        outcome: answer.kind,
        http_status: answer.httpStatus,
      },
      'asked QI about an operation',
    );
    await this.#record(job, answer);
  }

  /**
   * What QI has said cannot be asked for again in every case: the database is asked until it has taken it. One that
   * answers and refuses would refuse for ever, so that is given up; then another sweep finds the command.
   */
  async #record(job: CommandJob, answer: CommandAnswer): Promise<void> {
    for (let [recording, refusals] = [1, 0]; ; recording += 1) {
      try {
        await this.dataSource.transaction((tx) => this.outcome.record(tx, job, answer));
        return;
      } catch (error) {
        if (await this.#databaseAnswers()) refusals += 1;
        if (refusals === REFUSALS || this.#stopping.signal.aborted) throw error;
        this.logger.warn({ err: error, command_id: job.id }, 'an answer of QI was not recorded yet');
        const ms = Math.min(
          this.limits.retryBaseMs * 2 ** Math.min(recording - 1, 20),
          LONGEST_RECORD_WAIT_MS,
        );
        await wait(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    }
  }

  #databaseAnswers(): Promise<boolean> {
    return this.dataSource.query('SELECT').then(
      () => true,
      () => false,
    );
  }

  async #call(job: ClaimedCommand): Promise<CommandAnswer> {
    const timeoutMs = this.settings.QI_TIMEOUT_MS;
    if (job.call === 'inquire') return this.desk.findReservations(job.operationKey, timeoutMs);
    const until = new Date(this.clock.now().getTime() + timeoutMs);
    const permit = {
      until,
      refusal: () => {
        const why = job.refusal();
        job.isRefused ||= why !== undefined;
        return why;
      },
    };
    const looks = new Periodic({
      name: 'command_lease',
      everyMs: this.settings.engine.instance.heartbeat_ms,
      run: () => this.#lookAtLease(job),
      onError: () => undefined, // what was known before runs out by itself
    });
    looks.start();
    return this.#send(job, permit).finally(() => looks.stop());
  }

  /** A connection may take longer to be ready than a lease holds that is not renewed. */
  async #lookAtLease(job: ClaimedCommand): Promise<void> {
    const asked = momentOf(this.clock);
    const [leased] = await this.dataSource.query<{ left_ms: number | null }[]>(
      `SELECT ${leaseLeftMs('$2')} AS left_ms FROM operation_command
       WHERE id = $1 AND lease_owner = $2 AND status = 'sending' AND attempts = $3`,
      [job.id, this.instances.id, job.attempts],
    );
    job.refusal = leased ? leaseGuard(this.clock, asked, leased.left_ms ?? 0) : () => 'taken_over';
  }

  async #send(job: CommandJob, permit: SendingPermit): Promise<CommandAnswer> {
    switch (job.action) {
      case 'authorize':
        return this.desk.authorize(job.operationKey, permit);
      case 'cancel_permanently':
        return this.desk.cancelPermanently(await this.#loanOf(job), permit);
      case 'resubmit_disbursement':
        return this.desk.resubmitDisbursement(job.operationKey, await this.#bodyOf(job), permit);
    }
  }

  async #loanOf({ operationKey }: CommandJob): Promise<CanceledLoan> {
    const operation = await this.dataSource.manager.findOneByOrFail(OperationEntity, { key: operationKey });
    return {
      creditOperationKey: operation.key,
      auctionProposalKey: operation.auctionProposalKey,
      issuerProposalRequestKey: operation.auctionKey,
      origin: operation.origin,
      isBeforeReservation: isBeforeReservation(operation.status),
    };
  }

  #bodyOf(job: CommandJob): Promise<JsonObject> {
    return this.commands.bodyOf(this.dataSource.manager, job.id);
  }

  /** While QI does not take calls, one process makes one at a time and waits longer after each: no storm. */
  #rememberHealth(answer: CommandAnswer): void {
    if (answer.kind === 'accepted' || answer.kind === 'rejected') {
      this.#failuresInARow = 0;
      return;
    }
    this.#failuresInARow += 1;
    const pause = this.limits.retryBaseMs * 2 ** Math.min(this.#failuresInARow - 1, 4);
    this.#pausedUntil = this.clock.monotonicMs() + Math.min(pause, this.limits.retryMaxMs);
  }
}

/** What is kept readable of an answer names nobody; its body is kept encrypted. */
function shown(answer: CommandAnswer): CommandAnswer {
  if (answer.kind !== 'rejected') return answer;
  return { ...answer, description: withoutDocumentNumbers(answer.description) };
}
