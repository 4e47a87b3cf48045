import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Clock, Decimal } from '../../kernel';
import {
  CLOCK,
  ClockWatch,
  Draining,
  GroupCommit,
  LOGGER,
  SETTINGS,
  type Logger,
  type SendingPermit,
  type Settings,
} from '../../platform';
import type { AuctionJob } from '../domain/auction-job';
import { deadlineBudget } from '../domain/deadline-budget';
import { decide } from '../domain/decide';
import { foundNoTime, type Proposal, type SubmissionAnswer } from '../domain/proposal';
import type { ProposalRequest } from '../domain/proposal-request';
import type { StatusReason } from '../domain/status-reasons';
import { refusalToSend, type Moment } from '../domain/mark-age';
import {
  leavesItOpen,
  nextSubmissionStep,
  waitsUntil,
  whyOf,
  type RetryRules,
} from '../domain/submission-step';
import { PROPOSAL_DESK, type ProposalDesk } from '../ports';
import { loadLiveBid, type LiveBid } from './bid-rows';
import { DecisionInputsSource } from './decision-inputs.service';
import { AuctionLedger, type AttemptRow, type Mark, type Marked } from './ledger';
import { QiLatency } from './qi-latency.service';
import { SettleBidService, type Refit, type Settlement } from './settle-bid.service';
import { StoredRequests } from './stored-requests.service';

/** The auction ended or another process holds it: whoever changed it has written what there is to write. */
const NOT_OURS = { kind: 'not_ours' } as const;
type Submission = Settlement | typeof NOT_OURS;

/** How far a bid has come. */
interface Course {
  /** POSTs that are not on disk yet. */
  readonly attempts: AttemptRow[];
  /** The number of the last mark that was asked for, whether it is on disk or not. */
  marks: number;
}

/**
 * Lets others work while a bid waits to be sent again.
 * @returns when it has waited and may go on; `lost`, maybe before that, when its auction is not ours any more
 */
export type Rest = (bid: LiveBid, waited: Promise<void>) => Promise<'waited' | 'lost'>;

/**
 * The third step: a bid on disk is brought to QI, once, before the limit. SENDING is on disk before each POST, so a
 * process that dies leaves either a bid that was never sent (INTENDED: the next process sends it) or one of which
 * nobody knows (SENDING: it becomes UNKNOWN and is never sent again under another key or other terms).
 */
@Injectable()
export class SubmitBidService {
  readonly #marks: GroupCommit<Mark, Marked>;

  constructor(
    private readonly dataSource: DataSource,
    ledger: AuctionLedger,
    @Inject(PROPOSAL_DESK) private readonly desk: ProposalDesk,
    private readonly inputs: DecisionInputsSource,
    private readonly requests: StoredRequests,
    private readonly latency: QiLatency,
    private readonly settleBid: SettleBidService,
    private readonly clockWatch: ClockWatch,
    private readonly draining: Draining,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#marks = new GroupCommit({
      write: (marks) => ledger.mark(marks),
      batchMaxRows: settings.engine.auction.batch_max,
      queueMaxRows: settings.engine.auction.queue_max,
      writers: 1,
      everyMs: settings.engine.database.commit_every_ms,
    });
  }

  /**
   * Brings a bid that this process has just marked as SENDING, and whatever smaller ones follow its refusals, to an end.
   * @param markedAt when, taken before it was written.
   */
  async submit(job: AuctionJob, bid: LiveBid, markedAt: Moment, rest: Rest): Promise<void> {
    await this.#bring(job, bid, markedAt, rest);
  }

  /**
   * The same for an auction taken over, as it stands on disk.
   * @param isUnsent that this process wrote it itself and has sent nothing of it: then SENDING proves nothing else.
   */
  async resume(job: AuctionJob, isUnsent: boolean, rest: Rest): Promise<void> {
    const bid = await loadLiveBid(this.dataSource.manager, job.key);
    if (bid === undefined) return;
    if (bid.status === 'sending' && !isUnsent) {
      await this.settleBid.settle(
        job,
        bid,
        { kind: 'unknown', why: 'process_died_while_sending' satisfies StatusReason },
        [],
      );
      return;
    }
    await this.#bring(job, bid, undefined, rest);
  }

  async #bring(job: AuctionJob, first: LiveBid, markedAt: Moment | undefined, rest: Rest): Promise<void> {
    for (let bid: LiveBid | undefined = first, mark = markedAt; bid !== undefined; mark = undefined) {
      const course: Course = { attempts: [], marks: bid.marks };
      const submission = await this.#sendUntilSettled(job, bid, mark, course, rest);
      bid =
        submission.kind === 'not_ours'
          ? undefined
          : await this.settleBid.settle(job, bid, submission, course.attempts);
    }
  }

  async #sendUntilSettled(
    job: AuctionJob,
    bid: LiveBid,
    markedAt: Moment | undefined,
    course: Course,
    rest: Rest,
  ): Promise<Submission> {
    let unclear = 0;
    let mark = markedAt;
    let { status } = bid; // on disk
    let qiSaid: string | undefined; // or that it was not asked
    const unsent = (why: StatusReason): Settlement => ({ kind: unclear > 0 ? 'unknown' : 'withdrawn', why });
    const outOfTime = (): Settlement => ({ ...unsent('too_late_to_send'), ...(qiSaid && { why: qiSaid }) });
    const stopped = (): Submission => (unclear > 0 ? unsent('stopped_while_unclear') : NOT_OURS);
    const until = waitsUntil(bid);
    const leftMs = (): number => until.getTime() - this.clock.now().getTime();
    for (let attempt = bid.attempts + 1; ;) {
      const budget = deadlineBudget(this.clock.now(), until, {
        networkMarginMs: this.settings.engine.auction.network_margin_ms,
        expectedLatencyMs: this.latency.expectedMs(),
      });
      if (this.clockWatch.isOff) return unsent('clock_off');
      if (budget.kind === 'too_late') return outOfTime();
      if (this.settings.ARREMATE_DRY_RUN) return unsent('dry_run');
      const heldBackMs = this.desk.heldBackMs();
      if (heldBackMs > 0) {
        qiSaid ??= 'circuit_open' satisfies StatusReason;
        if (heldBackMs >= leftMs()) return outOfTime();
        // Not all at once: the first of those that wait tries for all. Whoever has no time for that comes back first.
        const spreadMs = heldBackMs * (1 + Math.random());
        const waitMs = spreadMs < leftMs() ? spreadMs : heldBackMs;
        if (status === 'sending' && unclear === 0) status = await this.#markIntended(job, bid, course);
        mark = undefined;
        if ((await rest(bid, this.#pause(waitMs))) === 'lost') return this.#letGo(job, bid, course);
        if (this.draining.hasBegun) return stopped();
        continue;
      }
      if (mark === undefined) {
        mark = this.#moment();
        const marked = await this.#mark(job, bid, 'sending', course);
        if (marked === 'kill_switch') return unsent('kill_switch');
        if (marked === 'not_ours') return NOT_OURS;
        status = 'sending';
      }

      const answer = await this.#post(job, bid, attempt, mark, course);
      mark = undefined;
      if (answer === 'not_sent') continue;
      if (answer.kind === 'accepted') return { kind: 'accepted', answer };
      qiSaid = whyOf(answer);
      const step = nextSubmissionStep(answer, attempt, unclear, this.#retryRules(leftMs()));
      if (leavesItOpen(answer)) unclear += 1;
      switch (step.kind) {
        case 'rejected':
          return this.#refuse(job, bid, answer, step.refit);
        case 'give_up':
          return { kind: 'withdrawn', why: step.why };
        case 'unknown':
          return { kind: 'unknown', why: step.why };
        case 'repeat':
          attempt += 1;
          if (unclear === 0) status = await this.#markIntended(job, bid, course);
          if ((await rest(bid, this.#pause(step.waitMs))) === 'lost') return this.#letGo(job, bid, course);
          if (this.draining.hasBegun) return stopped();
      }
    }
  }

  #retryRules(leftMs: number): RetryRules {
    const { max_attempts, retry_base_ms, retry_max_ms } = this.settings.engine.auction;
    return {
      maxUnclear: max_attempts,
      baseMs: retry_base_ms,
      maxMs: retry_max_ms,
      leftMs,
      repeatUnknown: this.settings.QI_REPEAT_UNKNOWN === 'same_key',
    };
  }

  /** A stopping process waits for no repetition: what is intended is left to the next one. */
  async #pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.draining.signal }).catch(() => undefined);
  }

  #moment(): Moment {
    return { at: this.clock.now(), monotonicMs: this.clock.monotonicMs() };
  }

  /** The attempts that led to it are on disk with it, and not written again. */
  async #mark(
    job: AuctionJob,
    { requestControlKey }: LiveBid,
    to: Mark['to'],
    course: Course,
  ): Promise<Marked> {
    const marked = await this.#marks.add({
      auctionKey: job.key,
      requestControlKey,
      number: (course.marks += 1),
      to,
      attempts: [...course.attempts],
    });
    course.attempts.length = 0;
    if (marked === 'late') throw new Error('the database was asked too late to mark a bid');
    return marked;
  }

  /**
   * QI certainly did not take it: should this process die now, the next one may send it. Where that cannot be written,
   * SENDING stays, and the next one will not.
   * @returns what stands on disk now, as far as it is known
   */
  async #markIntended(job: AuctionJob, bid: LiveBid, course: Course): Promise<LiveBid['status']> {
    try {
      return (await this.#mark(job, bid, 'intended', course)) === 'marked' ? 'intended' : 'sending';
    } catch (error) {
      this.logger.warn(
        { err: error, auction: job.key },
        'a bid that QI did not take stays marked as sending',
      );
      return 'sending';
    }
  }

  /** To try its mark, which is not ours to write, writes down that its POSTs were made. */
  async #letGo(job: AuctionJob, bid: LiveBid, course: Course): Promise<typeof NOT_OURS> {
    if (course.attempts.length > 0) await this.#mark(job, bid, 'sending', course);
    return NOT_OURS;
  }

  /** @returns not_sent when the permit was refused at the last moment, or was over by then. */
  async #post(
    job: AuctionJob,
    bid: LiveBid,
    attempt: number,
    markedAt: Moment,
    course: Course,
  ): Promise<SubmissionAnswer | 'not_sent'> {
    const sentAt = this.#moment();
    const gate = { hasRefused: false };
    const permit: SendingPermit = {
      until: new Date(bid.submitBy.getTime() - this.settings.engine.auction.network_margin_ms),
      refusal: () => {
        const refusal = refusalToSend(markedAt, this.#moment(), bid.submitBy, this.#markGoodForMs);
        gate.hasRefused ||= refusal !== undefined;
        return refusal;
      },
    };
    const answer = await this.desk.submit(
      proposalOf(job.key, bid, this.settings.PURCHASER_DOCUMENT_NUMBER),
      permit,
    );
    if (foundNoTime(answer) || (gate.hasRefused && answer.kind === 'not_taken')) return 'not_sent';
    const elapsedMs = this.clock.monotonicMs() - sentAt.monotonicMs;
    if (answer.kind === 'accepted' || answer.kind === 'rejected') this.latency.add(elapsedMs);
    this.logger.info(
      {
        auction: job.key,
        request_control_key: bid.requestControlKey,
        attempt,
        answer: answer.kind,
        elapsed_ms: Math.round(elapsedMs),
      },
      'proposal sent',
    );
    const answeredAt = this.clock.now();
    const httpStatus = 'httpStatus' in answer ? (answer.httpStatus ?? null) : null;
    job.trace?.step('send proposal', sentAt.at, answeredAt, {
      'bid.ordinal': bid.ordinal,
      'bid.attempt': attempt,
      'bid.answer': answer.kind,
      'bid.left_ms': bid.submitBy.getTime() - sentAt.at.getTime(),
      ...(httpStatus !== null && { 'http.response.status_code': httpStatus }),
    });
    course.attempts.push({
      request_control_key: bid.requestControlKey,
      ordinal: attempt,
      sent_at: sentAt.at,
      answered_at: answeredAt,
      outcome: answer.kind,
      http_status: httpStatus,
      detail: detailOf(answer),
      answer: 'body' in answer ? answer.body : null,
    });
    return answer;
  }

  /** A third of a lease: nobody can have taken the auction over within it. */
  get #markGoodForMs(): number {
    return this.settings.engine.instance.dead_after_ms / 3;
  }

  /** The margin refused: a smaller bid, if the policy allows one; otherwise the end. */
  async #refuse(
    job: AuctionJob,
    bid: LiveBid,
    answer: SubmissionAnswer,
    mayRefit: boolean,
  ): Promise<Settlement> {
    const why = detailOf(answer) ?? 'rejected';
    const { max_refits, refit_step } = this.settings.engine.auction;
    if (!mayRefit || bid.ordinal > max_refits) return { kind: 'rejected', why, refit: undefined };
    try {
      const request = job.request ?? (await this.requests.load(job.key))?.request;
      const refit = request && (await this.#refit(job, bid, request, refit_step));
      return { kind: 'rejected', why, refit };
    } catch (error) {
      this.logger.error({ err: error, auction: job.key }, 'no smaller bid could be decided');
      return { kind: 'rejected', why, refit: undefined };
    }
  }

  async #refit(
    job: AuctionJob,
    bid: LiveBid,
    request: ProposalRequest,
    step: Decimal,
  ): Promise<Refit | undefined> {
    const gathered = await this.inputs.gatherAgain(bid.policyHash, request, {
      now: this.clock.now(),
      limitAt: job.limitAt,
      window: bid.submitBy > job.limitAt ? 'late' : 'on_time',
      installmentBelow: bid.terms.installmentFaceValue.times(step.neg().plus(1)),
    });
    const decision = gathered && decide(gathered.inputs);
    return gathered && decision?.outcome === 'bid' ? { decision, gathered } : undefined;
  }
}

function proposalOf(auctionKey: string, bid: LiveBid, purchaserDocumentNumber: string): Proposal {
  return {
    issuerProposalRequestKey: auctionKey,
    requestControlKey: bid.requestControlKey,
    amount: { kind: 'disbursed_issue_amount', value: bid.terms.disbursedIssueAmount },
    monthlyInterestRate: bid.terms.monthlyInterestRate,
    numberOfInstallments: bid.terms.numberOfInstallments,
    purchaserDocumentNumber,
    daysToExpiration: bid.terms.daysToExpiration,
    rebates: bid.terms.rebates,
  };
}

function detailOf(answer: SubmissionAnswer): string | null {
  switch (answer.kind) {
    case 'accepted':
      return null;
    case 'rejected':
      return [answer.code, answer.description].filter((part) => part !== undefined).join(': ') || 'rejected';
    case 'server_error':
      return `http_${answer.httpStatus}`;
    default:
      return answer.why;
  }
}
