import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, Histogram, type Registry } from 'prom-client';
import { DataSource, type EntityManager } from 'typeorm';
import { ExposureBook, NotReservedError } from '../../exposure';
import type { Clock } from '../../kernel';
import { CLOCK, InstanceRegistry, LOGGER, METRICS, type Logger } from '../../platform';
import { AuctionLines } from './auction-lines.service';
import type { AuctionJob } from './auction-worker.service';
import { exposureOf } from './bid-exposure';
import { insertBid, type LiveBid } from './bid-rows';
import type { Gathered } from './decision-inputs.service';
import { sourcesOf } from '../domain/auction-status';
import { capsOf } from '../domain/caps';
import type { FittedBid } from '../domain/decide';
import type { SubmissionAnswer } from '../domain/proposal';
import { WORK_QUEUE, type WorkQueue } from '../ports';
import { SimulationDrift, type Drift } from './simulation-drift.service';

/** What one bid came to. `withdrawn`: QI certainly has none of it. */
export type Settlement =
  | { readonly kind: 'accepted'; readonly answer: Extract<SubmissionAnswer, { kind: 'accepted' }> }
  | { readonly kind: 'rejected'; readonly why: string; readonly refit: Refit | undefined }
  | { readonly kind: 'withdrawn' | 'unknown'; readonly why: string };

/** A smaller bid in place of the refused one. */
export interface Refit {
  readonly bid: FittedBid;
  readonly gathered: Gathered;
}

const AUCTION_STATUS = {
  accepted: 'bid',
  rejected: 'rejected',
  withdrawn: 'missed',
  unknown: 'unknown',
} as const;

/** Writes down what QI's answer made of a bid and its auction, in one transaction, with what it puts at risk. */
@Injectable()
export class SettleBidService {
  readonly #settled: Counter<'result'>;
  readonly #receiveToBid: Histogram;

  constructor(
    private readonly dataSource: DataSource,
    private readonly exposure: ExposureBook,
    private readonly instances: InstanceRegistry,
    private readonly drift: SimulationDrift,
    @Inject(WORK_QUEUE) private readonly workQueue: WorkQueue,
    private readonly lines: AuctionLines,
    @Inject(CLOCK) private readonly clock: Clock,
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

  /** Records what the bid came to. @returns whether a smaller bid now takes its place. */
  async settle(job: AuctionJob, bid: LiveBid, settlement: Settlement): Promise<boolean> {
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
  async #close(job: AuctionJob, bid: LiveBid, settlement: Settlement, answeredAt: Date): Promise<void> {
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
    settlement: Settlement,
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
      [bid.requestControlKey, settlement.kind, settlement.why, answeredAt],
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

  #report(job: AuctionJob, bid: LiveBid, settlement: Settlement, refitted: boolean, answeredAt: Date): void {
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
