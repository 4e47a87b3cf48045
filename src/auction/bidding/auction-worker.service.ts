import { Inject, Injectable, type OnModuleDestroy, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { InstanceRegistry, LOGGER, Periodic, SETTINGS, type Logger, type Settings } from '../../platform';
import { DecideBidService } from './decide-bid.service';
import { DeadlineQueue } from '../domain/deadline-queue';
import type { ProposalRequest } from '../domain/proposal-request';
import { ExpireAuctionsService } from './expire-auctions.service';
import { SubmitBidService } from './submit-bid.service';

/** An auction this process holds the lease of. */
export interface AuctionJob {
  readonly key: string;
  /** End of the internal auction. */
  readonly limitAt: Date;
  /** End of the request. */
  readonly expirationAt: Date;
  readonly receivedAt: Date;
  /** What the door has just read; undefined for an auction taken over from another process. */
  readonly request: ProposalRequest | undefined;
}

interface ClaimedAuction {
  readonly key: string;
  readonly limit_at: Date;
  readonly expiration_at: Date;
  readonly received_at: Date;
}

/**
 * Carries auctions from open to an answer of QI, earliest limit first, a bounded number at once. Fresh ones come
 * straight from the door; a sweep takes over those of dead processes. The row is the job: whatever happens here, the
 * next holder of its lease goes on from what is committed.
 */
@Injectable()
export class AuctionWorker implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #queue = new DeadlineQueue<AuctionJob>();
  readonly #atWork = new Set<string>();
  #stopping = false;
  #idle: (() => void) | undefined;
  readonly #sweeps: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    private readonly instances: InstanceRegistry,
    private readonly decideBid: DecideBidService,
    private readonly submitBid: SubmitBidService,
    private readonly expireAuctions: ExpireAuctionsService,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#sweeps = new Periodic({
      name: 'auction_sweep',
      everyMs: settings.engine.instance.sweep_ms,
      run: () => this.#sweep(),
      onError: (error) => {
        logger.error({ err: error }, 'sweep of auctions failed');
      },
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#sweeps.start(0);
  }

  /** What is at work may finish; the rest is freed with our leases. */
  async onModuleDestroy(): Promise<void> {
    this.#stopping = true;
    await this.#sweeps.stop();
    this.#queue.clear();
    this.submitBid.stopWaiting();
    if (this.#atWork.size > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  add(job: AuctionJob): void {
    if (this.#stopping || this.#atWork.has(job.key)) return;
    if (this.#queue.size >= this.settings.engine.auction.queue_max) {
      this.#leaveToOthers(job.key);
      return;
    }
    this.#queue.add(job);
    this.#startNext();
  }

  #startNext(): void {
    while (!this.#stopping && this.#atWork.size < this.settings.engine.auction.concurrency) {
      const job = this.#queue.take();
      if (job === undefined) return;
      this.#atWork.add(job.key);
      void this.#advance(job).finally(() => {
        this.#atWork.delete(job.key);
        if (this.#atWork.size === 0) this.#idle?.();
        this.#startNext();
      });
    }
  }

  async #advance(job: AuctionJob): Promise<void> {
    try {
      await this.decideBid.decide(job);
      await this.submitBid.submit(job);
    } catch (error) {
      this.logger.error({ err: error, auction: job.key }, 'auction failed; its lease is given back');
      this.#leaveToOthers(job.key);
    }
  }

  #leaveToOthers(key: string): void {
    this.#release(key).catch((error: unknown) => {
      this.logger.error({ err: error, auction: key }, 'lease could not be given back');
    });
  }

  async #release(key: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE auction SET lease_owner = NULL WHERE issuer_proposal_request_key = $1 AND lease_owner = $2`,
      [key, this.instances.id],
    );
  }

  async #sweep(): Promise<void> {
    await this.expireAuctions.expire();
    const room = this.settings.engine.auction.concurrency - this.#atWork.size - this.#queue.size;
    if (room <= 0) return;
    const [claimed] = await this.dataSource.query<[ClaimedAuction[], number]>(
      `UPDATE auction SET lease_owner = $1
       WHERE issuer_proposal_request_key IN (
         SELECT issuer_proposal_request_key FROM auction
         WHERE status IN ('open', 'bidding') AND (lease_owner IS NULL OR NOT instance_is_alive(lease_owner))
         ORDER BY inclusion_limit_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING issuer_proposal_request_key AS key, inclusion_limit_at AS limit_at, expiration_at, received_at`,
      [this.instances.id, room],
    );
    for (const { key, limit_at, expiration_at, received_at } of claimed) {
      this.add({
        key,
        limitAt: limit_at,
        expirationAt: expiration_at,
        receivedAt: received_at,
        request: undefined,
      });
    }
  }
}
