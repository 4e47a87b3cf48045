import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, Histogram, type Registry } from 'prom-client';
import { DataSource, type EntityManager } from 'typeorm';
import { ExposureBook, NotReservedError } from '../exposure';
import type { Clock } from '../kernel';
import { CLOCK, InstanceRegistry, LOGGER, METRICS, SETTINGS, type Logger, type Settings } from '../platform';
import { AuctionLines } from './auction-lines.service';
import type { AuctionJob } from './auction-worker.service';
import { exposureOf } from './bid-exposure';
import { insertBid, loadLiveBid, type LiveBid } from './bid-rows';
import { DecisionInputsSource, type Gathered } from './decision-inputs.service';
import { sourcesOf } from './domain/auction-status';
import { capsOf } from './domain/caps';
import { deadlineBudget } from './domain/deadline-budget';
import { decide, type FittedBid } from './domain/decide';
import type { Proposal, SubmissionAnswer } from './domain/proposal';
import { leavesItOpen, nextSubmissionStep } from './domain/submission-step';
import { PROPOSAL_DESK, WORK_QUEUE, type ProposalDesk, type WorkQueue } from './ports';
import { QiLatency } from './qi-latency.service';
import { SimulationDrift, type Drift } from './simulation-drift.service';
import { StoredRequests } from './stored-requests.service';

/** What one bid came to. `withdrawn`: QI certainly has none of it. */
type Settlement =
  | { readonly kind: 'accepted'; readonly answer: Extract<SubmissionAnswer, { kind: 'accepted' }> }
  | { readonly kind: 'rejected'; readonly why: string; readonly refit: Refit | undefined }
  | { readonly kind: 'withdrawn' | 'unknown'; readonly why: string }
  /** The auction ended or another process holds it: whoever changed it has written what there is to write. */
  | { readonly kind: 'not_ours' };

/** A smaller bid in place of the refused one. */
interface Refit {
  readonly bid: FittedBid;
  readonly gathered: Gathered;
}

const BID_STATUS = {
  accepted: 'accepted',
  rejected: 'rejected',
  withdrawn: 'withdrawn',
  unknown: 'unknown',
} as const;
const AUCTION_STATUS = {
  accepted: 'bid',
  rejected: 'rejected',
  withdrawn: 'missed',
  unknown: 'unknown',
} as const;

/**
 * The third step: a bid on disk is brought to QI, once, before the limit. SENDING is on disk before each POST, so a
 * process that dies leaves either a bid that was never sent (INTENDED: the next process sends it) or one of which
 * nobody knows (SENDING: it becomes UNKNOWN and is never sent again under another key or other terms).
 */
@Injectable()
export class SubmitBidService {
  readonly #settled: Counter<'result'>;
  readonly #receiveToBid: Histogram;
  readonly #stopping = new AbortController();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(PROPOSAL_DESK) private readonly desk: ProposalDesk,
    private readonly inputs: DecisionInputsSource,
    private readonly exposure: ExposureBook,
    private readonly requests: StoredRequests,
    private readonly instances: InstanceRegistry,
    private readonly latency: QiLatency,
    private readonly drift: SimulationDrift,
    @Inject(WORK_QUEUE) private readonly workQueue: WorkQueue,
    private readonly lines: AuctionLines,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#settled = new Counter({
      name: 'arremate_bids_total',
      help: 'Bids by what they came to',
      labelNames: ['result'],
      registers: [metrics],
    });
    this.#receiveToBid = new Histogram({
      name: 'arremate_receive_to_bid_seconds',
      help: "From the webhook's receipt to QI's acceptance",
      buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120],
      registers: [metrics],
    });
  }

  /** A stopping process waits for no repetition: what is intended is left to the next one. */
  stopWaiting(): void {
    this.#stopping.abort();
  }

  /** Brings the auction's live bid, and whatever smaller ones follow its refusals, to an end. */
  async submit(job: AuctionJob): Promise<void> {
    for (;;) {
      const bid = await loadLiveBid(this.dataSource.manager, job.key);
      if (bid === undefined) return;
      const settlement: Settlement =
        bid.status === 'sending'
          ? { kind: 'unknown', why: 'process_died_while_sending' }
          : await this.#sendUntilSettled(job, bid);
      if (settlement.kind === 'not_ours') return;
      if (!(await this.#settle(job, bid, settlement))) return;
    }
  }

  async #sendUntilSettled(job: AuctionJob, bid: LiveBid): Promise<Settlement> {
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
      if (permit === 'not_ours') return { kind: 'not_ours' };

      const answer = await this.#post(job, bid, attempt, budget.timeoutMs);
      mayBeLive ||= leavesItOpen(answer);
      const { max_attempts, retry_base_ms, retry_max_ms } = this.settings.engine.auction;
      const step = nextSubmissionStep(answer, attempt, mayBeLive, {
        maxAttempts: max_attempts,
        baseMs: retry_base_ms,
        maxMs: retry_max_ms,
        repeatUnknown: this.settings.QI_REPEAT_UNKNOWN === 'same_key',
      });
      switch (step.kind) {
        case 'accepted':
          if (answer.kind === 'accepted') return { kind: 'accepted', answer };
          break;
        case 'rejected':
          return this.#refuse(job, bid, answer, step.refit);
        case 'give_up':
          return { kind: 'withdrawn', why: step.why };
        case 'unknown':
          return { kind: 'unknown', why: step.why };
        case 'repeat':
          if (!mayBeLive) await this.#markIntended(bid);
          await this.#pause(step.waitMs);
          if (this.#stopping.signal.aborted)
            return mayBeLive ? unsent('stopped_while_unclear') : { kind: 'not_ours' };
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
    const startedMs = this.clock.monotonicMs();
    const proposal = proposalOf(job.key, bid, this.settings.PURCHASER_DOCUMENT_NUMBER);
    const answer = await this.desk.submit(proposal, timeoutMs);
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

  /** @returns whether a smaller bid now takes its place. */
  async #settle(
    job: AuctionJob,
    bid: LiveBid,
    settlement: Exclude<Settlement, { kind: 'not_ours' }>,
  ): Promise<boolean> {
    const answeredAt = this.clock.now();
    const refitted =
      settlement.kind === 'rejected' &&
      settlement.refit !== undefined &&
      (await this.#replace(job, bid, settlement, settlement.refit, answeredAt));
    if (!refitted) await this.#close(job, bid, settlement, answeredAt);
    this.#report(job, bid, settlement, refitted, answeredAt);
    return refitted;
  }

  /** @returns false when it may not be: the auction has ended or is not ours, or a limit is in the way. */
  async #replace(
    job: AuctionJob,
    bid: LiveBid,
    settlement: Extract<Settlement, { kind: 'rejected' }>,
    { bid: smaller, gathered }: Refit,
    answeredAt: Date,
  ): Promise<boolean> {
    const identity = {
      auctionKey: job.key,
      requestControlKey: randomUUID(),
      ordinal: bid.ordinal + 1,
      createdAt: answeredAt,
      submitBy: bid.submitBy,
    };
    try {
      return await this.dataSource.transaction(async (tx) => {
        const bidding = await tx.query<unknown[]>(
          `SELECT 1 FROM auction WHERE issuer_proposal_request_key = $1 AND status = 'bidding' AND lease_owner = $2
           FOR UPDATE`,
          [job.key, this.instances.id],
        );
        if (bidding.length === 0) return false;
        await this.#settleBid(tx, job, bid, settlement, answeredAt);
        await insertBid(tx, identity, smaller);
        const caps = capsOf(gathered.inputs.policy.compiled);
        await this.exposure.reserveInstead(tx, exposureOf(identity, smaller, gathered), caps);
        return true;
      });
    } catch (error) {
      if (!(error instanceof NotReservedError)) throw error;
      this.logger.warn({ auction: job.key, refusal: error.refusal.kind }, 'no smaller bid is made');
      return false;
    }
  }

  /** The auction is locked before its bid, as whoever records its end does. */
  async #close(
    job: AuctionJob,
    bid: LiveBid,
    settlement: Exclude<Settlement, { kind: 'not_ours' }>,
    answeredAt: Date,
  ): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      const to = AUCTION_STATUS[settlement.kind];
      await tx.query(
        `UPDATE auction SET status = $2, status_reason = $3, lease_owner = NULL,
           auction_proposal_key = coalesce($4, auction_proposal_key), rank_position = coalesce($5, rank_position)
         WHERE issuer_proposal_request_key = $1 AND status = ANY ($6)`,
        [
          job.key,
          to,
          settlement.kind === 'accepted' ? null : settlement.why,
          settlement.kind === 'accepted' ? (settlement.answer.auctionProposalKey ?? null) : null,
          settlement.kind === 'accepted' ? (settlement.answer.rankPosition ?? null) : null,
          sourcesOf(to),
        ],
      );
      const changed = await this.#settleBid(tx, job, bid, settlement, answeredAt);
      const isNothing = settlement.kind === 'rejected' || settlement.kind === 'withdrawn';
      if (changed && isNothing) await this.exposure.release(tx, [job.key], settlement.kind);
    });
  }

  /**
   * An outcome may have overtaken the answer and made the bid accepted already: then only its details are added.
   * @returns whether the bid was still to be settled.
   */
  async #settleBid(
    tx: EntityManager,
    job: AuctionJob,
    bid: LiveBid,
    settlement: Exclude<Settlement, { kind: 'not_ours' }>,
    answeredAt: Date,
  ): Promise<boolean> {
    if (settlement.kind === 'accepted') {
      const { answer } = settlement;
      const drift = answer.simulation && this.drift.check(bid, answer.simulation);
      await tx.query(
        `UPDATE bid SET status = 'accepted', status_reason = NULL, answered_at = $2,
           auction_proposal_key = coalesce($3, auction_proposal_key), rank_position = $4, simulation = $5, drift = $6
         WHERE request_control_key = $1 AND status IN ('sending', 'unknown', 'accepted')`,
        [
          bid.requestControlKey,
          answeredAt,
          answer.auctionProposalKey ?? null,
          answer.rankPosition ?? null,
          answer.simulation === undefined ? null : JSON.stringify(answer.simulation),
          drift === undefined ? null : JSON.stringify(drift.differences),
        ],
      );
      if (drift !== undefined && drift.remarkable.length > 0) await this.#reportDrift(tx, job, drift);
      return true;
    }
    const [, changed] = await tx.query<[unknown, number]>(
      `UPDATE bid SET status = $2, status_reason = $3, answered_at = $4
       WHERE request_control_key = $1 AND status IN ('intended', 'sending')`,
      [bid.requestControlKey, BID_STATUS[settlement.kind], settlement.why, answeredAt],
    );
    return changed === 1;
  }

  async #reportDrift(tx: EntityManager, job: AuctionJob, { remarkable }: Drift): Promise<void> {
    const fields = remarkable.map(
      ({ field, ours, theirs }) => `${field}: ${ours.toFixed()} aqui, ${theirs.toFixed()} na QI`,
    );
    await this.workQueue.open(tx, {
      kind: 'pricing_drift',
      auctionKey: job.key,
      code: 'PRICING_DRIFT',
      message: `A simulação da QI difere da nossa (${fields.join('; ')}).`,
    });
  }

  #report(
    job: AuctionJob,
    bid: LiveBid,
    settlement: Exclude<Settlement, { kind: 'not_ours' }>,
    refitted: boolean,
    answeredAt: Date,
  ): void {
    this.#settled.inc({ result: refitted ? 'refitted' : settlement.kind });
    if (settlement.kind !== 'accepted') {
      const status = AUCTION_STATUS[settlement.kind];
      this.logger.warn({ auction: job.key, status, why: settlement.why, refitted }, 'bid not accepted');
      if (!refitted) this.lines.notBid(job.key, status, settlement.why);
      return;
    }
    const elapsedMs = answeredAt.getTime() - job.receivedAt.getTime();
    this.#receiveToBid.observe(elapsedMs / 1000);
    this.lines.bid(job.key, bid.terms, elapsedMs, bid.submitBy.getTime() - answeredAt.getTime());
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
