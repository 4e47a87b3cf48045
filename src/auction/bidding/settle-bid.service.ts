import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Histogram, type Counter, type Registry } from 'prom-client';
import { DataSource, type EntityManager } from 'typeorm';
import { ExposureBook, NotReservedError } from '../../exposure';
import type { Clock } from '../../kernel';
import {
  CLOCK,
  closedCounter,
  GroupCommit,
  InstanceRegistry,
  LOGGER,
  METRICS,
  SETTINGS,
  isRowError,
  type Logger,
  type Settings,
  untilDone,
} from '../../platform';
import type { AuctionJob } from '../domain/auction-job';
import { sourcesOf } from '../domain/auction-status';
import { bidSourcesOf } from '../domain/bid-status';
import { capsOf, capsOfBid, NOT_STOPPED, type Decision } from '../../decision/domain';
import { driftWords } from '../domain/drift-words';
import type { SubmissionAnswer } from '../domain/proposal';
import { withoutWords } from '../domain/status-reasons';
import { WORK_QUEUE, type WorkQueue } from '../ports';
import { TerminalLines } from './terminal-lines.service';
import { exposureOf } from './bid-exposure';
import { bidRow, newLiveBid, type BidIdentity, type LiveBid } from './bid-rows';
import type { Gathered } from './decision-inputs.service';
import { storedRateModel } from '../domain/decision-context';
import { decisionRow } from './decision-record';
import {
  AuctionLedger,
  SETTLE,
  insertBids,
  insertDecisions,
  recordset,
  settleParameters,
  type AttemptRow,
  type SettlementRow,
} from './ledger';
import { SimulationDrift, type Drift } from './simulation-drift.service';

/** What one bid came to. `withdrawn`: QI certainly has none of it. */
export type Settlement =
  | { readonly kind: 'accepted'; readonly answer: Extract<SubmissionAnswer, { kind: 'accepted' }> }
  | { readonly kind: 'rejected'; readonly why: string; readonly refit: Refit | undefined }
  | { readonly kind: 'withdrawn' | 'unknown'; readonly why: string };

/** A smaller bid in place of the refused one. */
export interface Refit {
  readonly decision: Extract<Decision, { outcome: 'bid' }>;
  readonly gathered: Gathered;
}

/** How long to wait before a record that could not be written is written again. */
const AGAIN = { baseMs: 50, maxMs: 1_000 };

const AUCTION_STATUS = {
  accepted: 'bid',
  rejected: 'rejected',
  withdrawn: 'missed',
  unknown: 'unknown',
} as const;

/**
 * Writes down what QI's answer made of a bid and its auction, in one commit, with what it puts at risk. What QI said is
 * told only once: the record is repeated until it is on disk.
 */
@Injectable()
export class SettleBidService {
  readonly #settled: Counter<'result'>;
  readonly #receiveToBid: Histogram;
  readonly #records: GroupCommit<SettlementRecord, true>;

  constructor(
    private readonly dataSource: DataSource,
    ledger: AuctionLedger,
    private readonly exposure: ExposureBook,
    private readonly instances: InstanceRegistry,
    private readonly drift: SimulationDrift,
    @Inject(WORK_QUEUE) private readonly workQueue: WorkQueue,
    private readonly lines: TerminalLines,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#records = new GroupCommit({
      write: async (records) => {
        await ledger.settle(
          records.map(({ settlement }) => settlement),
          records.flatMap(({ attempts }) => attempts),
        );
        return records.map(() => true as const);
      },
      batchMaxRows: settings.engine.auction.batch_max,
      queueMaxRows: settings.engine.auction.queue_max,
      writers: 1,
      everyMs: settings.engine.database.commit_every_ms,
    });
    this.#settled = closedCounter(metrics, {
      name: 'arremate_bids_total',
      help: 'Bids by what they came to',
      labels: { result: ['accepted', 'rejected', 'refitted', 'withdrawn', 'unknown'] },
    });
    this.#receiveToBid = new Histogram({
      name: 'arremate_receive_to_bid_seconds',
      help: "From the webhook's receipt to QI's acceptance",
      buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120],
      registers: [metrics],
    });
  }

  /**
   * Records what the bid came to.
   * @param attempts its POSTs that are not on disk yet
   * @returns the smaller bid that now takes its place, if one does.
   */
  async settle(
    job: AuctionJob,
    bid: LiveBid,
    settlement: Settlement,
    attempts: readonly AttemptRow[],
  ): Promise<LiveBid | undefined> {
    const answeredAt = this.clock.now();
    const refitted =
      settlement.kind === 'rejected' && settlement.refit !== undefined
        ? await this.#replace(job, bid, settlement, settlement.refit, attempts, answeredAt)
        : undefined;
    if (refitted === undefined) await this.#close(job, bid, settlement, attempts, answeredAt);
    this.#report(job, bid, settlement, refitted !== undefined, answeredAt);
    return refitted;
  }

  /**
   * @returns undefined when it may not be: the auction has ended or is not ours, a limit is in the way, or it cannot be
   * written. An error alone does not say so: the answer to the commit may be lost.
   */
  async #replace(
    job: AuctionJob,
    bid: LiveBid,
    settlement: Settlement,
    { decision, gathered }: Refit,
    attempts: readonly AttemptRow[],
    answeredAt: Date,
  ): Promise<LiveBid | undefined> {
    const identity = {
      auctionKey: job.key,
      requestControlKey: randomUUID(),
      ordinal: bid.ordinal + 1,
      createdAt: answeredAt,
      submitBy: bid.submitBy,
    };
    const refused = {
      ...this.#row(job, bid, settlement, answeredAt),
      auction_from: [],
      frees_exposure: false,
    };
    try {
      const isReplaced = await this.dataSource.transaction((tx) =>
        this.#writeInstead(tx, { settlement: refused, attempts }, identity, { decision, gathered }),
      );
      if (!isReplaced) return undefined;
    } catch (error) {
      const isRefused = error instanceof NotReservedError;
      const why = isRefused ? { refusal: error.refusal.kind } : { err: error };
      if (isRefused || !(await this.#isWritten(identity))) {
        this.logger.warn({ auction: job.key, ...why }, 'no smaller bid is made');
        return undefined;
      }
    }
    return newLiveBid(identity, decision.bid, { status: 'intended', policyHash: bid.policyHash });
  }

  async #writeInstead(
    tx: EntityManager,
    { settlement, attempts }: SettlementRecord,
    identity: BidIdentity,
    { decision, gathered }: Refit,
  ): Promise<boolean> {
    const bidding = await tx.query<unknown[]>(
      `SELECT 1 FROM auction WHERE issuer_proposal_request_key = $1 AND status = 'bidding' AND lease_owner = $2
       FOR UPDATE`,
      [identity.auctionKey, this.instances.id],
    );
    if (bidding.length === 0) return false;
    await tx.query(SETTLE, [...settleParameters([settlement], attempts)]);
    const { context, window, installmentBelow, rateModel } = gathered.inputs;
    const own = decisionRow(
      identity.auctionKey,
      identity.createdAt,
      decision,
      { context, window, installmentBelow, rateModel: storedRateModel(rateModel), ...NOT_STOPPED },
      { ordinal: identity.ordinal, dataSha256: gathered.dataSha256 },
    );
    await tx.query(insertDecisions('$1'), [recordset([own])]);
    await tx.query(insertBids('$1'), [recordset([bidRow(identity, decision.bid, { status: 'intended' })])]);
    const { compiled } = gathered.inputs.policy;
    const caps = capsOfBid(capsOf(compiled), compiled, decision.trace);
    await this.exposure.reserveInstead(tx, exposureOf(identity, decision.bid, gathered), caps);
    return true;
  }

  /**
   * Whether a bid is on disk of whose commit nothing was heard, asked until it is answered. A commit that is still under way
   * holds its auction: it is waited for, and then looked at by a statement of its own, which sees what was committed.
   */
  #isWritten({ auctionKey, requestControlKey }: BidIdentity): Promise<boolean> {
    const look = async (tx: EntityManager): Promise<boolean> => {
      await tx.query(`SELECT FROM auction WHERE issuer_proposal_request_key = $1 FOR UPDATE`, [auctionKey]);
      const found = await tx.query<unknown[]>(`SELECT FROM bid WHERE request_control_key = $1`, [
        requestControlKey,
      ]);
      return found.length > 0;
    };
    return untilDone(() => this.dataSource.transaction(look), {
      waits: AGAIN,
      onFailure: (error) => {
        this.logger.error(
          { err: error, auction: auctionKey },
          'whether a smaller bid is on disk is not known yet',
        );
      },
    });
  }

  async #close(
    job: AuctionJob,
    bid: LiveBid,
    settlement: Settlement,
    attempts: readonly AttemptRow[],
    answeredAt: Date,
  ): Promise<void> {
    const drift =
      settlement.kind === 'accepted' && settlement.answer.simulation !== undefined
        ? this.drift.check(bid, settlement.answer.simulation)
        : undefined;
    let record: SettlementRecord = {
      settlement: this.#row(job, bid, settlement, answeredAt, drift),
      attempts,
    };
    const write = async (): Promise<void> => {
      if (drift !== undefined && drift.remarkable.length > 0) await this.#recordDrift(job, record, drift);
      else await this.#records.add(record);
    };
    await untilDone(write, {
      waits: AGAIN,
      onFailure: (error) => {
        this.logger.error({ err: error, auction: job.key }, "QI's answer is not on disk yet");
        // That it was given matters more than its words.
        if (isRowError(error)) record = { settlement: withoutDetails(record.settlement), attempts: [] };
      },
    });
  }

  /** With the task that tells people. */
  async #recordDrift(
    job: AuctionJob,
    { settlement, attempts }: SettlementRecord,
    { remarkable }: Drift,
  ): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.query(SETTLE, [...settleParameters([settlement], attempts)]);
      await this.workQueue.open(tx, {
        kind: 'pricing_drift',
        auctionKey: job.key,
        code: 'PRICING_DRIFT',
        message: driftWords(remarkable),
      });
    });
  }

  /** An outcome may have overtaken the answer and made the bid accepted already: then only its details are added. */
  #row(
    job: AuctionJob,
    bid: LiveBid,
    settlement: Settlement,
    answeredAt: Date,
    drift?: Drift,
  ): SettlementRow {
    const isAccepted = settlement.kind === 'accepted';
    const auctionStatus = AUCTION_STATUS[settlement.kind];
    const answer = isAccepted ? settlement.answer : undefined;
    const from = bidSourcesOf(settlement.kind);
    return {
      auction_key: job.key,
      request_control_key: bid.requestControlKey,
      auction_status: auctionStatus,
      auction_from: sourcesOf(auctionStatus),
      bid_status: settlement.kind,
      bid_from: isAccepted ? [...from, 'accepted'] : from,
      reason: isAccepted ? null : settlement.why,
      answered_at: answeredAt,
      auction_proposal_key: answer?.auctionProposalKey ?? null,
      rank_position: answer?.rankPosition ?? null,
      simulation: answer?.simulation ?? null,
      drift: drift ?? null,
      frees_exposure: settlement.kind === 'rejected' || settlement.kind === 'withdrawn',
      held_by: settlement.kind === 'withdrawn' || settlement.kind === 'unknown' ? this.instances.id : null,
    };
  }

  /** QI's own words stay out of it: for a refusal, and for a door that is closed to us. */
  #endTrace({ trace }: AuctionJob, bid: LiveBid, settlement: Settlement, answeredAt: Date): void {
    const writtenAt = this.clock.now();
    trace?.step('write answer', answeredAt, writtenAt);
    const isTold = settlement.kind === 'withdrawn' || settlement.kind === 'unknown';
    trace?.end(
      writtenAt,
      {
        'auction.status': AUCTION_STATUS[settlement.kind],
        'auction.left_ms': bid.submitBy.getTime() - answeredAt.getTime(),
        ...(isTold && { 'auction.reason': withoutWords(settlement.why) }),
      },
      isTold ? 'wrong' : 'well',
    );
  }

  #report(job: AuctionJob, bid: LiveBid, settlement: Settlement, refitted: boolean, answeredAt: Date): void {
    this.#settled.inc({ result: refitted ? 'refitted' : settlement.kind });
    if (!refitted) this.#endTrace(job, bid, settlement, answeredAt);
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

/** One settlement on its way to disk. */
interface SettlementRecord {
  readonly settlement: SettlementRow;
  readonly attempts: readonly AttemptRow[];
}

function withoutDetails(settlement: SettlementRow): SettlementRow {
  return { ...settlement, reason: settlement.reason && 'not_recordable', simulation: null, drift: null };
}
