import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { DataSource, type EntityManager } from 'typeorm';
import { ExposureBook, NotReservedError, type Refusal } from '../../exposure';
import type { Clock } from '../../kernel';
import {
  CLOCK,
  InstanceRegistry,
  LOGGER,
  METRICS,
  SETTINGS,
  type Logger,
  type Settings,
} from '../../platform';
import type { Reason } from '../../policy';
import { AuctionLines } from './auction-lines.service';
import type { AuctionJob } from './auction-worker.service';
import { exposureOf } from './bid-exposure';
import { insertBid } from './bid-rows';
import { DecisionInputsSource, type Gathered } from './decision-inputs.service';
import { capsOf } from '../domain/caps';
import { deadlineBudget } from '../domain/deadline-budget';
import { decide, declinedAfterAll, type Decision, type DecisionInputs } from '../domain/decide';
import { limitReason } from '../domain/limit-reasons';
import { sourcesOf, type AuctionStatus } from '../domain/auction-status';
import { insertDecision } from './decision-record';
import type { ProposalRequest } from '../domain/proposal-request';
import { parkedTask } from './parked-task';
import { WORK_QUEUE, type WorkQueue } from '../ports';
import { QiLatency } from './qi-latency.service';
import { ShadowDecisions } from './shadow-decisions.service';
import { StoredRequests } from './stored-requests.service';

/** A decision, and what was found while it was written that made it no bid after all. */
interface Verdict {
  readonly decision: Decision;
  readonly added: readonly Reason[];
}

/** The second step: one pure decision, written with its trace and its bid in one short transaction. */
@Injectable()
export class DecideBidService {
  readonly #decisions: Counter<'outcome'>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly inputs: DecisionInputsSource,
    private readonly requests: StoredRequests,
    private readonly exposure: ExposureBook,
    private readonly instances: InstanceRegistry,
    private readonly latency: QiLatency,
    private readonly lines: AuctionLines,
    private readonly shadows: ShadowDecisions,
    @Inject(WORK_QUEUE) private readonly workQueue: WorkQueue,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#decisions = new Counter({
      name: 'arremate_decisions_total',
      help: 'Auctions decided, by outcome',
      labelNames: ['outcome'],
      registers: [metrics],
    });
  }

  /** Decides an open auction of ours; one that is past this step, or no longer ours, is left as it is. */
  async decide(job: AuctionJob): Promise<void> {
    const stored = job.request === undefined ? await this.requests.load(job.key) : undefined;
    if (stored !== undefined && stored.status !== 'open') return;
    const request = job.request ?? stored?.request;
    if (request === undefined) {
      await this.#end(job, 'parked', 'request_unreadable');
      return;
    }
    // Until the limit: whoever bids for the same borrower meanwhile has changed the facts.
    while ((await this.#decideOnce(job, request)) === 'standing_changed');
  }

  async #decideOnce(job: AuctionJob, request: ProposalRequest): Promise<'ended' | 'standing_changed'> {
    const window = this.#windowOf(job);
    if (window === 'over') {
      await this.#end(job, 'missed', 'too_late_to_decide');
      return 'ended';
    }
    const gathered = await this.inputs.gather(request, {
      now: this.clock.now(),
      limitAt: job.limitAt,
      window,
      installmentBelow: undefined,
    });
    const decision = this.#decide(job, gathered.inputs);
    if (decision === undefined) {
      await this.#end(job, 'parked', 'decision_failed');
      return 'ended';
    }
    const submitBy = window === 'late' ? job.expirationAt : job.limitAt;
    const refusal = await this.#commit(job, { decision, added: [] }, gathered, submitBy);
    if (refusal?.kind === 'standing_changed') return 'standing_changed';
    if (refusal !== undefined) {
      const added = refusal.limits.map(limitReason);
      await this.#commit(job, { decision: declinedAfterAll(decision, added), added }, gathered, submitBy);
    }
    this.shadows.follow(gathered.inputs);
    return 'ended';
  }

  /** Late is a price, not an error: after the limit the first proposal wins if nobody bid, where the policy allows it. */
  #windowOf(job: AuctionJob): 'on_time' | 'late' | 'over' {
    const terms = {
      networkMarginMs: this.settings.engine.auction.network_margin_ms,
      expectedLatencyMs: this.latency.expectedMs(),
    };
    const isOpen = (until: Date): boolean => deadlineBudget(this.clock.now(), until, terms).kind === 'enough';
    if (isOpen(job.limitAt)) return 'on_time';
    return this.inputs.bidsLate() && isOpen(job.expirationAt) ? 'late' : 'over';
  }

  /** An exception in the pure decision is a bug: no bid, and somebody must know. */
  #decide(job: AuctionJob, inputs: DecisionInputs): Decision | undefined {
    try {
      return decide(inputs);
    } catch (error) {
      this.logger.error({ err: error, auction: job.key }, 'decision failed: no bid is made');
      return undefined;
    }
  }

  /** @returns why the bid may not be made; then nothing is written. */
  async #commit(
    job: AuctionJob,
    verdict: Verdict,
    gathered: Gathered,
    submitBy: Date,
  ): Promise<Refusal | undefined> {
    try {
      const written = await this.dataSource.transaction((tx) =>
        this.#write(tx, job, verdict, gathered, submitBy),
      );
      if (written) this.#report(job, verdict.decision);
      return undefined;
    } catch (error) {
      if (error instanceof NotReservedError) return error.refusal;
      throw error;
    }
  }

  /** @returns false when the auction is not open any more, or not ours. */
  async #write(
    tx: EntityManager,
    job: AuctionJob,
    { decision, added }: Verdict,
    gathered: Gathered,
    submitBy: Date,
  ): Promise<boolean> {
    const status = decision.outcome === 'bid' ? 'bidding' : 'declined';
    const decidedAt = this.clock.now();
    if (!(await this.#move(tx, job.key, status, null))) return false;
    const { context, window } = gathered.inputs;
    await insertDecision(tx, job.key, decidedAt, decision, { context, window, added });
    if (decision.outcome === 'bid') {
      const identity = {
        auctionKey: job.key,
        requestControlKey: randomUUID(),
        ordinal: 1,
        createdAt: decidedAt,
        submitBy,
      };
      await insertBid(tx, identity, decision.bid);
      const caps = capsOf(gathered.inputs.policy.compiled);
      await this.exposure.reserve(tx, exposureOf(identity, decision.bid, gathered), caps);
    }
    return true;
  }

  #report(job: AuctionJob, decision: Decision): void {
    this.#decisions.inc({ outcome: decision.outcome });
    const codes = decision.reasons.map((reason) => reason.code);
    this.logger.info(
      { auction: job.key, outcome: decision.outcome, reasons: codes, policy: decision.policy.hash },
      'auction decided',
    );
    if (decision.outcome === 'no_bid') this.lines.declined(job.key, codes);
  }

  async #end(job: AuctionJob, status: 'missed' | 'parked', reason: string): Promise<void> {
    const moved = await this.dataSource.transaction(async (tx) => {
      const ours = await this.#move(tx, job.key, status, reason);
      if (ours && status === 'parked') await this.workQueue.open(tx, parkedTask(job.key, reason));
      return ours;
    });
    if (!moved) return;
    this.logger.warn({ auction: job.key, reason }, `auction ${status}`);
    this.lines.notBid(job.key, status, reason);
  }

  /** The fence: nothing moves unless the auction is still open and still ours. */
  async #move(tx: EntityManager, key: string, to: AuctionStatus, reason: string | null): Promise<boolean> {
    const [, moved] = await tx.query<[unknown, number]>(
      `UPDATE auction
       SET status = $3, status_reason = $4, lease_owner = CASE WHEN $3 = 'bidding' THEN lease_owner END
       WHERE issuer_proposal_request_key = $1 AND lease_owner = $2 AND status = ANY ($5)`,
      [key, this.instances.id, to, reason, sourcesOf(to)],
    );
    return moved === 1;
  }
}
