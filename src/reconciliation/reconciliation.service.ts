import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Gauge, type Counter, type Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { ExposureBook } from '../exposure';
import { MINUTE_MS, type Clock } from '../kernel';
import { OperationService, RESERVATION_DESK, type ReservationDesk } from '../operation';
import {
  CLOCK,
  closedCounter,
  isPassing,
  LOGGER,
  METRICS,
  Periodic,
  SETTINGS,
  type Logger,
  type Settings,
} from '../platform';
import { RecoveryBook } from '../recovery';
import { Conversation } from './conversation';
import { windowsBetween } from './domain';
import {
  GAP_KINDS,
  GapBook,
  type Gap,
  type GapCounts,
  type GapKind,
  type UndeliveredWebhook,
} from './gap-book.service';
import { NotificationReader, PIECE_MS } from './notification-reader';
import { NOTIFICATION_DESK, type Notification, type NotificationDesk } from './ports';
import { RunBook, type RunFigures, type RunResult } from './run-book.service';

export type Run = RunFigures & {
  readonly id: string;
  readonly result: RunResult;
  /** Why QI does not list what it could not deliver. */
  readonly refusal: string | undefined;
  /** The last call that QI gave no answer to, and how. */
  readonly unanswered: string | undefined;
};

/** QI's clock and ours may differ by so much. */
const CLOCKS_DIFFER_MS = 5 * MINUTE_MS;
const MAX_GAPS = 500;
/** How often QI must have sent again what it calls delivered and nobody here knows to have come. */
const SENT_TO_BE_SURE = 2;

/**
 * Finds what was never told and asks QI for it: auctions without an end, loans without news, and whatever QI itself
 * lists as undelivered. What is missing comes back through the door, as a webhook, and is applied as any other; a
 * bound margin is believed on the word of the reservation query too. One process at a time, so many calls in a run.
 */
@Injectable()
export class Reconciliation implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #found: Counter<'kind'>;
  readonly #closed: Counter<'kind' | 'as'>;
  readonly #open: Gauge<'kind'>;
  readonly #schedule: Periodic;
  readonly #stuck: Gauge;
  readonly #reader: NotificationReader;
  #running: Promise<unknown> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(
    private readonly gaps: GapBook,
    private readonly runs: RunBook,
    private readonly operations: OperationService,
    private readonly exposure: ExposureBook,
    private readonly recoveries: RecoveryBook,
    private readonly dataSource: DataSource,
    @Inject(NOTIFICATION_DESK) private readonly notifications: NotificationDesk,
    @Inject(RESERVATION_DESK) private readonly reservations: ReservationDesk,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#found = closedCounter(metrics, {
      name: 'arremate_reconciliation_gaps_found_total',
      help: 'Things that should have been heard',
      labels: { kind: GAP_KINDS },
    });
    this.#closed = closedCounter(metrics, {
      name: 'arremate_reconciliation_gaps_closed_total',
      help: 'Gaps closed, by how',
      labels: { kind: GAP_KINDS, as: ['arrived', 'given_up'] },
    });
    this.#open = new Gauge({
      name: 'arremate_reconciliation_open_gaps',
      help: 'Gaps open after the last run',
      labelNames: ['kind'],
      registers: [metrics],
    });
    this.#stuck = new Gauge({
      name: 'arremate_auctions_stuck',
      help: 'Auctions still at work a minute after their limit',
      registers: [metrics],
    });
    this.#reader = new NotificationReader(logger);
    this.#schedule = new Periodic({
      name: 'reconciliation',
      everyMs: settings.engine.reconciliation.every_seconds * 1_000,
      run: () => this.runOnSchedule(),
      logger,
      failed: 'reconciliation failed',
    });
  }

  onApplicationBootstrap(): void {
    if (this.#looksByItself) this.#schedule.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await this.#schedule.stop();
    await this.#running.catch(() => undefined);
  }

  /** A dry run sends nothing; a process for the web leaves work to the workers. */
  get #looksByItself(): boolean {
    return this.settings.ARREMATE_ROLE !== 'web' && !this.settings.ARREMATE_DRY_RUN;
  }

  /**
   * Fails where QI refuses its list or gives no answer, so that those who watch periodic work are told that what is missing is
   * not found.
   */
  async runOnSchedule(): Promise<void> {
    const run = await this.run('schedule');
    if (run?.refusal !== undefined) throw new Error(`QI refuses its list of notifications: ${run.refusal}`);
    if (run?.result === 'qi_unavailable') throw new Error(`QI gives no answer: ${run.unanswered}`);
  }

  /** @returns undefined when another run is under way, here or in another process. */
  async run(startedBy: string): Promise<Run | undefined> {
    const id = await this.runs.open(startedBy);
    if (id === undefined) {
      await this.#showOpen(); // also what another process finds
      return undefined;
    }
    const run = this.#reconcile(id);
    this.#running = run;
    return run;
  }

  async #reconcile(id: string): Promise<Run> {
    const { max_calls, calls_per_second, keep_days } = this.settings.engine.reconciliation;
    const talk = new Conversation(this.notifications, this.reservations, {
      maxCalls: max_calls,
      callsPerSecond: calls_per_second,
      timeoutMs: this.settings.QI_TIMEOUT_MS,
      stopping: this.#stopping.signal,
    });
    const tally = { gapsFound: 0, gapsClosed: 0 };
    const figures = (): RunFigures => ({
      ...tally,
      calls: talk.calls,
      resent: talk.resent,
      refused: talk.refused,
    });
    try {
      tally.gapsClosed += this.#countClosed(await this.gaps.closeArrived(), 'arrived');
      const found = await this.gaps.findInOurBooks();
      if (found.auction_stuck !== undefined)
        this.logger.error({ auctions: found.auction_stuck }, 'auctions are stuck: nobody works on them');
      tally.gapsFound += this.#countFound(found);
      tally.gapsFound += this.#countFound(await this.#scanLostTime(talk));
      talk.turnToAnother();
      const scan = await this.#scan(talk);
      const refusal = talk.listRefusal;
      tally.gapsFound += this.#countFound(scan.found);
      talk.turnToAnother();
      tally.gapsClosed += await this.#ask(talk);
      await this.#tidy(new Date(this.clock.now().getTime() - keep_days * 1_440 * MINUTE_MS));
      const result = refusal === undefined ? (talk.outcome ?? 'done') : 'failed';
      await this.runs.close(id, result, figures(), scan.until);
      await this.#showOpen();
      const { unanswered } = talk;
      this.logger.info({ run: id, result, unanswered, ...figures() }, 'reconciled with QI');
      return { id, result, refusal, unanswered, ...figures() };
    } catch (error) {
      await this.runs.close(id, 'failed', figures());
      throw error;
    }
  }

  /**
   * Reads QI's list of failed notifications from where the last run stopped, and a little further back: one is listed
   * as failed only when QI has given up repeating it. What could not be read whole is read again. At most half of the
   * calls go into reading: what is sent again leaves the list, so that the next run gets further.
   */
  async #scan(talk: Conversation): Promise<{ readonly found: GapCounts; readonly until: Date | undefined }> {
    const { max_calls, scan_overlap_minutes, first_scan_hours } = this.settings.engine.reconciliation;
    const now = this.clock.now();
    const last = await this.runs.scannedUntil();
    const from = last
      ? last.getTime() - scan_overlap_minutes * MINUTE_MS
      : now.getTime() - first_scan_hours * 60 * MINUTE_MS;
    const windows = windowsBetween(new Date(from), now);
    const { notifications, until } = await this.#reader.readOn(talk, windows, true, Math.ceil(max_calls / 2));
    const undelivered: UndeliveredWebhook[] = [];
    for (const { eventKey, originKey, callbacks, since } of notifications) {
      const callback = callbacks.find(({ status }) => status === 'failed');
      if (callback !== undefined) undelivered.push({ eventKey, callbackKey: callback.key, originKey, since });
    }
    return { found: await this.gaps.findUndelivered(undelivered), until };
  }

  /**
   * After a restore: whatever QI has told since the copy is asked for again, delivered or not, for nobody here knows what
   * it was. What is on disk already is known by its content and changes nothing. Goes on where the last run stopped.
   */
  async #scanLostTime(talk: Conversation): Promise<GapCounts> {
    const { max_calls, scan_overlap_minutes, first_scan_hours } = this.settings.engine.reconciliation;
    // What QI has repeated until it was taken in the lost time was told first before that.
    const lost = await this.recoveries.lostTime(
      scan_overlap_minutes * MINUTE_MS,
      first_scan_hours * 60 * MINUTE_MS,
    );
    if (lost === undefined) return {};
    const to = new Date(Math.min(lost.to.getTime(), this.clock.now().getTime()));
    const windows = windowsBetween(lost.from, to, PIECE_MS);
    const { notifications, until } = await this.#reader.readOn(
      talk,
      windows,
      false,
      Math.ceil(max_calls / 2),
    );
    const told: UndeliveredWebhook[] = [];
    for (const { eventKey, originKey, callbacks, since } of notifications) {
      const [callback] = callbacks;
      if (callback !== undefined) told.push({ eventKey, callbackKey: callback.key, originKey, since });
    }
    const found = await this.gaps.findLost(told, lost.foundAt);
    if (until !== undefined) await this.recoveries.noteAsked(lost.id, until);
    return found;
  }

  /**
   * One that QI gives no answer to is not asked about first in the next run. Where QI answers nothing at all it is soon asked
   * about again, or what is missing would come as long after an outage as this has lasted.
   *
   * @returns how many gaps were closed by the answers.
   */
  async #ask(talk: Conversation): Promise<number> {
    let closed = 0;
    for (const gap of await this.gaps.due(MAX_GAPS)) {
      if (talk.ended !== undefined) break;
      const callsBefore = talk.calls;
      const answer = await this.#askAbout(talk, gap);
      if (answer === 'arrived') {
        await this.gaps.close(gap);
        closed += this.#countClosed({ [gap.kind]: 1 }, 'arrived');
      } else if (talk.wasCutShort(callsBefore)) {
        break; // it was not really asked
      } else if (!(await this.gaps.postpone(gap, answer, talk.hasHeard))) {
        closed += this.#countClosed({ [gap.kind]: 1 }, 'given_up');
        this.logger.warn({ kind: gap.kind, key: gap.key, asked: gap.asked + 1 }, 'gap left to people');
      }
    }
    return closed;
  }

  /** One whose answer cannot be worked with is asked about again later, like one without news: it must not hold up the others. */
  async #askAbout(talk: Conversation, gap: Gap): Promise<'arrived' | readonly string[]> {
    try {
      return gap.kind === 'webhook_undelivered'
        ? await this.#askForWebhook(talk, gap)
        : await this.#askForNews(talk, gap);
    } catch (error) {
      if (isPassing(error)) throw error;
      this.logger.error({ err: error, kind: gap.kind, key: gap.key }, 'what QI says of a gap cannot be used');
      return [];
    }
  }

  /**
   * First it is sent again; later QI's list says whether it went through. Of what was told in a lost time it says so from
   * the first time on: that is sent twice, so that one that we did not take is not missed; what QI has refused to send was
   * not sent. @returns the keys sent again.
   */
  async #askForWebhook(talk: Conversation, gap: Gap): Promise<'arrived' | readonly string[]> {
    const isToldByList = gap.inLostTime ? gap.resent.length >= SENT_TO_BE_SURE : gap.asked > 0;
    if (isToldByList) {
      const listed = await this.#listSince(talk, gap, true);
      const isStillFailed = listed.notifications.some(({ eventKey }) => eventKey === gap.key);
      if (listed.isWhole && !isStillFailed) return 'arrived';
      if (!isStillFailed) return [];
    }
    return (await talk.resend(gap.key, gap.callbackKey ?? '')) ? [gap.key] : [];
  }

  /**
   * Everything that QI has told of it since, newest first, is sent again once; what failed, each time.
   * @returns the keys sent again for the first time.
   */
  async #askForNews(talk: Conversation, gap: Gap): Promise<'arrived' | readonly string[]> {
    // Only the auction's loans have a reservation that can be read.
    if (gap.product === 'private_payroll') {
      const body = await talk.reservationsOf(gap.key);
      if (body !== undefined) {
        const hasMoved = await this.dataSource.transaction((tx) =>
          this.operations.recordReservations(tx, gap.key, body),
        );
        if (hasMoved) return 'arrived';
      }
      talk.turnToAnother();
    }
    const { notifications } = await this.#listSince(talk, gap, false);
    const wanted = notifications
      .filter((each) => !gap.resent.includes(each.eventKey) || hasFailed(each))
      .reverse()
      .slice(0, this.settings.engine.reconciliation.resends_per_gap);
    const resent: string[] = [];
    for (const { eventKey, callbacks } of wanted) {
      const callback = callbacks.find(({ status }) => status === 'failed') ?? callbacks[0];
      if (callback !== undefined && (await talk.resend(eventKey, callback.key))) resent.push(eventKey);
    }
    return resent.filter((key) => !gap.resent.includes(key));
  }

  async #listSince(
    talk: Conversation,
    gap: Gap,
    onlyFailed: boolean,
  ): Promise<{ readonly notifications: readonly Notification[]; readonly isWhole: boolean }> {
    const from = new Date(gap.since.getTime() - CLOCKS_DIFFER_MS);
    const now = this.clock.now();
    const notifications: Notification[] = [];
    // A clock that is behind would look at a time in which it had not been told yet.
    if (now < gap.since) return { notifications, isWhole: false };
    for (const originKey of gap.originKeys.length > 0 ? gap.originKeys : [undefined]) {
      for (const window of windowsBetween(from, now)) {
        const listed = await this.#reader.listAll(talk, { window, originKey, onlyFailed });
        notifications.push(...listed.notifications);
        if (!listed.isWhole) return { notifications, isWhole: false };
      }
    }
    return { notifications, isWhole: true };
  }

  async #tidy(before: Date): Promise<void> {
    await this.runs.forget(before);
    await this.exposure.forgetPace(before);
  }

  #countFound(counts: GapCounts): number {
    return sum(counts, (kind, count) => {
      this.#found.inc({ kind }, count);
    });
  }

  #countClosed(counts: GapCounts, as: 'arrived' | 'given_up'): number {
    return sum(counts, (kind, count) => {
      this.#closed.inc({ kind, as }, count);
    });
  }

  /** Not where a person alone has looked: nobody there would ever say that what was found has come. */
  async #showOpen(): Promise<void> {
    if (!this.#looksByItself) return;
    const open = await this.gaps.countOpen();
    for (const kind of GAP_KINDS) this.#open.set({ kind }, open[kind] ?? 0);
    this.#stuck.set(open.auction_stuck ?? 0);
  }
}

function hasFailed({ callbacks }: Notification): boolean {
  return callbacks.some(({ status }) => status === 'failed');
}

function sum(counts: GapCounts, each: (kind: GapKind, count: number) => void): number {
  let total = 0;
  for (const kind of GAP_KINDS) {
    const count = counts[kind] ?? 0;
    if (count > 0) each(kind, count);
    total += count;
  }
  return total;
}
