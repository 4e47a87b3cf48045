import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Clock } from '../../kernel';
import { CLOCK, InstanceRegistry, LOGGER, SETTINGS, type Logger, type Settings } from '../../platform';
import type { AuctionJob } from './auction-worker.service';
import { loadLiveBid, type LiveBid } from './bid-rows';
import { DecisionInputsSource } from './decision-inputs.service';
import { deadlineBudget } from '../domain/deadline-budget';
import { decide } from '../domain/decide';
import type { Proposal, SubmissionAnswer } from '../domain/proposal';
import { leavesItOpen, nextSubmissionStep } from '../domain/submission-step';
import { PROPOSAL_DESK, type ProposalDesk } from '../ports';
import { QiLatency } from './qi-latency.service';
import { SettleBidService, type Settlement } from './settle-bid.service';
import { StoredRequests } from './stored-requests.service';

/** The auction ended or another process holds it: whoever changed it has written what there is to write. */
const NOT_OURS = { kind: 'not_ours' } as const;
type Submission = Settlement | typeof NOT_OURS;

/**
 * The third step: a bid on disk is brought to QI, once, before the limit. SENDING is on disk before each POST, so a
 * process that dies leaves either a bid that was never sent (INTENDED: the next process sends it) or one of which
 * nobody knows (SENDING: it becomes UNKNOWN and is never sent again under another key or other terms).
 */
@Injectable()
export class SubmitBidService {
  readonly #stopping = new AbortController();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(PROPOSAL_DESK) private readonly desk: ProposalDesk,
    private readonly inputs: DecisionInputsSource,
    private readonly requests: StoredRequests,
    private readonly instances: InstanceRegistry,
    private readonly latency: QiLatency,
    private readonly settleBid: SettleBidService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** A stopping process waits for no repetition: what is intended is left to the next one. */
  stopWaiting(): void {
    this.#stopping.abort();
  }

  /** Brings the auction's live bid, and whatever smaller ones follow its refusals, to an end. */
  async submit(job: AuctionJob): Promise<void> {
    for (;;) {
      const bid = await loadLiveBid(this.dataSource.manager, job.key);
      if (bid === undefined) return;
      const submission: Submission =
        bid.status === 'sending'
          ? { kind: 'unknown', why: 'process_died_while_sending' }
          : await this.#sendUntilSettled(job, bid);
      if (submission.kind === 'not_ours') return;
      const isReplaced = await this.settleBid.settle(job, bid, submission);
      if (!isReplaced) return;
    }
  }

  async #sendUntilSettled(job: AuctionJob, bid: LiveBid): Promise<Submission> {
    let mayBeLive = false;
    for (let attempt = bid.attempts + 1; ; attempt += 1) {
      const unsent = (why: string): Settlement => ({ kind: mayBeLive ? 'unknown' : 'withdrawn', why });
      const budget = deadlineBudget(this.clock.now(), bid.submitBy, {
        networkMarginMs: this.settings.engine.auction.network_margin_ms,
        expectedLatencyMs: this.latency.expectedMs(),
      });
      if (budget.kind === 'too_late') return unsent('too_late_to_send');
      if (this.settings.ARREMATE_DRY_RUN) return unsent('dry_run');
      const permit = await this.#markSending(job, bid);
      if (permit === 'kill_switch') return unsent('kill_switch');
      if (permit === 'not_ours') return NOT_OURS;

      const answer = await this.#post(job, bid, attempt, budget.timeoutMs);
      if (answer.kind === 'accepted') return { kind: 'accepted', answer };
      mayBeLive ||= leavesItOpen(answer);
      const { max_attempts, retry_base_ms, retry_max_ms } = this.settings.engine.auction;
      const step = nextSubmissionStep(answer, attempt, mayBeLive, {
        maxAttempts: max_attempts,
        baseMs: retry_base_ms,
        maxMs: retry_max_ms,
        repeatUnknown: this.settings.QI_REPEAT_UNKNOWN === 'same_key',
      });
      switch (step.kind) {
        case 'rejected':
          return this.#refuse(job, bid, answer, step.refit);
        case 'give_up':
          return { kind: 'withdrawn', why: step.why };
        case 'unknown':
          return { kind: 'unknown', why: step.why };
        case 'repeat':
          if (!mayBeLive) await this.#markIntended(bid);
          await this.#pause(step.waitMs);
          if (this.#stopping.signal.aborted) return mayBeLive ? unsent('stopped_while_unclear') : NOT_OURS;
      }
    }
  }

  async #pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  /** Commits SENDING, unless the kill switch is engaged, the auction has ended, or it is no longer ours. */
  async #markSending(job: AuctionJob, bid: LiveBid): Promise<'send' | 'kill_switch' | 'not_ours'> {
    const [, marked] = await this.dataSource.query<[unknown, number]>(
      `UPDATE bid SET status = 'sending', submitted_at = coalesce(submitted_at, $3)
       FROM auction
       WHERE request_control_key = $1 AND bid.status IN ('intended', 'sending')
         AND issuer_proposal_request_key = auction_key AND auction.status = 'bidding' AND lease_owner = $2
         AND NOT EXISTS (SELECT FROM kill_switch WHERE engaged)`,
      [bid.requestControlKey, this.instances.id, this.clock.now()],
    );
    if (marked === 1) return 'send';
    const [row] = await this.dataSource.query<{ engaged: boolean }[]>(
      `SELECT EXISTS (SELECT FROM kill_switch WHERE engaged) AND EXISTS (
         SELECT FROM auction WHERE issuer_proposal_request_key = $1 AND status = 'bidding' AND lease_owner = $2) AS engaged`,
      [job.key, this.instances.id],
    );
    return row?.engaged === true ? 'kill_switch' : 'not_ours';
  }

  /** QI certainly did not take it: should this process die now, the next one may send it. */
  async #markIntended(bid: LiveBid): Promise<void> {
    await this.dataSource.query(
      `UPDATE bid SET status = 'intended' WHERE request_control_key = $1 AND status = 'sending'`,
      [bid.requestControlKey],
    );
  }

  async #post(job: AuctionJob, bid: LiveBid, attempt: number, timeoutMs: number): Promise<SubmissionAnswer> {
    const sentAt = this.clock.now();
    const permit = { until: new Date(sentAt.getTime() + timeoutMs), refusal: () => undefined };
    const startedMs = this.clock.monotonicMs();
    const proposal = proposalOf(job.key, bid, this.settings.PURCHASER_DOCUMENT_NUMBER);
    const answer = await this.desk.submit(proposal, permit);
    const elapsedMs = this.clock.monotonicMs() - startedMs;
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
    await this.dataSource.query(
      `INSERT INTO bid_attempt (request_control_key, ordinal, sent_at, answered_at, outcome, http_status, detail, answer)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        bid.requestControlKey,
        attempt,
        sentAt,
        this.clock.now(),
        answer.kind,
        'httpStatus' in answer ? (answer.httpStatus ?? null) : null,
        detailOf(answer),
        'body' in answer ? answer.body.replaceAll('\0', '\uFFFD') : null,
      ],
    );
    return answer;
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
    const request = job.request ?? (await this.requests.load(job.key))?.request;
    if (request === undefined) return { kind: 'rejected', why, refit: undefined };
    const gathered = await this.inputs.gatherAgain(bid.policyHash, request, {
      now: this.clock.now(),
      limitAt: job.limitAt,
      window: bid.submitBy > job.limitAt ? 'late' : 'on_time',
      installmentBelow: bid.terms.installmentFaceValue.times(refit_step.neg().plus(1)),
    });
    const decision = gathered && decide(gathered.inputs);
    const refit = gathered && decision?.outcome === 'bid' ? { bid: decision.bid, gathered } : undefined;
    return { kind: 'rejected', why, refit };
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
