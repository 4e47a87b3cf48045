import { setTimeout as wait } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import {
  ClockWatch,
  Draining,
  LOGGER,
  Pace,
  Periodic,
  SETTINGS,
  Traces,
  isRowError,
  type Logger,
  type Settings,
} from '../../platform';
import type { AuctionJob } from '../domain/auction-job';
import { DeadlineQueue } from '../domain/deadline-queue';
import { waitsUntil } from '../domain/submission-step';
import { beginTrace } from './auction-trace';
import { DecideAuctionsService, type Outcome, type Undecided } from './decide-auctions.service';
import { AuctionLedger, type ClaimedAuction } from './ledger';
import { SubmitBidService, type Rest } from './submit-bid.service';
import { UndecidedAuctions } from './undecided-auctions.service';

/** How a fresh request left the worker. full: there is no room for it here. */
export type Taken =
  | { readonly kind: 'recorded' | 'not_ours' | 'full' }
  | Extract<Outcome, { kind: 'apart' | 'failed' }>;

/** What waits for its decision, and who wants to know about it. */
interface Waiting {
  readonly key: string;
  /** The limit that it can still be in time for. */
  readonly limitAt: Date;
  readonly undecided: Undecided;
  readonly tell: (taken: Taken) => void;
}

/** A bid that has waited to be sent again, and wants to go on. */
interface Rested {
  readonly key: string;
  /** Until when it waits for QI. */
  readonly limitAt: Date;
  readonly goOn: () => void;
}

const AGAIN_MS = 200;
const LEFT: Taken = { kind: 'full' };

/**
 * Carries auctions from the door to an answer of QI, earliest limit first: decided in batches, sent a bounded number at
 * once. Whoever waits to send again holds up nobody. A sweep takes over those of dead processes, and what stands in
 * this one's name and is not in its hands. The row is the job: whatever happens here, the next holder of its lease goes
 * on from what is committed.
 */
@Injectable()
export class AuctionWorker implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  readonly #queue = new DeadlineQueue<Waiting>();
  readonly #rested = new DeadlineQueue<Rested>();
  /** By their auctions, what ends the wait of bids that wait to be sent again. */
  readonly #resting = new Map<string, () => void>();
  /** Everything between being taken and being ended. */
  readonly #inHand = new Set<string>();
  #sending = 0;
  #deciding = false;
  /** The last claim was full: more may wait, and their limits pass. */
  #moreWaits = false;
  #idle: (() => void) | undefined;
  readonly #sweeps: Periodic;
  readonly #pace: Pace;

  constructor(
    private readonly ledger: AuctionLedger,
    private readonly decideAuctions: DecideAuctionsService,
    private readonly submitBid: SubmitBidService,
    private readonly undecidedAuctions: UndecidedAuctions,
    private readonly clockWatch: ClockWatch,
    private readonly traces: Traces,
    private readonly draining: Draining,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#pace = new Pace(settings.engine.database.commit_every_ms, () => this.#decideNext());
    this.#sweeps = new Periodic({
      name: 'auction_sweep',
      everyMs: settings.engine.instance.sweep_ms,
      run: () => this.#sweep(),
      logger,
      failed: 'sweep of auctions failed',
    });
    draining.onBegin(() => {
      this.#stop();
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#sweeps.start(0);
  }

  /** What is at work may finish; the rest is left to others at once, for its limit passes. */
  #stop(): void {
    for (let one = this.#queue.take(); one !== undefined; one = this.#queue.take()) this.#end(one, LEFT);
    for (let one = this.#rested.take(); one !== undefined; one = this.#rested.take()) {
      this.#sending += 1;
      one.goOn();
    }
    this.#sweeps.hurry();
  }

  async onModuleDestroy(): Promise<void> {
    if (this.#inHand.size > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  /** Until now whatever is still left in our name was given back. */
  beforeApplicationShutdown(): Promise<void> {
    return this.#sweeps.stop();
  }

  /** Resolves when the request is on disk with its decision, or when that is not for this worker to do. */
  take(undecided: Undecided): Promise<Taken> {
    const { key, limitAt } = undecided.job;
    if (
      this.draining.hasBegun ||
      this.#inHand.has(key) ||
      this.#inHand.size >= this.settings.engine.auction.queue_max ||
      this.decideAuctions.isLeftToOthers(undecided.job)
    )
      return Promise.resolve(LEFT);
    this.#inHand.add(key);
    return new Promise((tell) => {
      this.#queue.add({ key, limitAt, undecided, tell });
      this.#next();
    });
  }

  #next(): void {
    if (this.draining.hasBegun) return;
    const { concurrency } = this.settings.engine.auction;
    while (this.#sending < concurrency) {
      const rested = this.#rested.take();
      if (rested === undefined) break;
      this.#sending += 1;
      rested.goOn();
    }
    if (!this.#deciding && this.#queue.size > 0) {
      this.#pace.soon(this.#queue.size >= this.settings.engine.auction.batch_max);
    }
  }

  /** What arrives in the same turn, or while the pace lets nothing start, goes into the same batch. */
  #decideNext(): boolean {
    if (this.draining.hasBegun || this.#deciding) return false;
    const batch = this.#takeBatch();
    if (batch.length === 0) return false;
    this.#deciding = true;
    void this.#decide(batch).finally(() => {
      this.#deciding = false;
      this.#next();
    });
    return true;
  }

  /**
   * No more than can be sent at once when they are decided; what can be in time no more needs no room to end. What is late
   * already has a day: it stands back behind all that can still be in time.
   */
  #takeBatch(): readonly Waiting[] {
    const { batch_max, concurrency } = this.settings.engine.auction;
    const batch: Waiting[] = [];
    for (let room = concurrency - this.#sending; batch.length < batch_max;) {
      const first = this.#queue.first();
      if (first === undefined) break;
      const { job } = first.undecided;
      if (first.limitAt < job.expirationAt && this.decideAuctions.isLate(job)) {
        this.#queue.take();
        this.#queue.add({ ...first, limitAt: job.expirationAt });
        continue;
      }
      const isHopeless = this.decideAuctions.isHopeless(job);
      if (!isHopeless && room === 0) break;
      if (!isHopeless) room -= 1;
      this.#queue.take();
      batch.push(first);
    }
    return batch;
  }

  async #decide(batch: readonly Waiting[]): Promise<void> {
    const outcomes = await this.decideAuctions.decide(batch.map(({ undecided }) => undecided));
    for (const one of batch) {
      const outcome = outcomes.get(one.undecided) ?? { kind: 'failed', error: new Error('undecided') };
      this.#goOn(one, outcome);
    }
  }

  #goOn(one: Waiting, outcome: Outcome): void {
    const { job } = one.undecided;
    switch (outcome.kind) {
      case 'to_send':
        one.tell({ kind: 'recorded' });
        this.#carry(job, (rest) => this.submitBid.submit(job, outcome.bid, outcome.markedAt, rest));
        return;
      case 'written_before':
        one.tell({ kind: 'recorded' });
        this.#carry(job, (rest) => this.submitBid.resume(job, true, rest));
        return;
      case 'failed':
        if (isRowError(outcome.error)) this.#end(one, outcome);
        else void this.#again(one, outcome.error);
        return;
      default:
        this.#end(one, outcome);
    }
  }

  #end(one: Waiting, taken: Taken): void {
    this.#letGo(one.key);
    one.tell(taken);
  }

  /** The database could not be heard. Until it can, the request stays here: it is acknowledged, and nobody else has it. */
  async #again(one: Waiting, error: unknown): Promise<void> {
    this.logger.error({ err: error, auction: one.key }, 'decision not on disk yet');
    await wait(AGAIN_MS);
    if (this.draining.hasBegun) {
      this.#end(one, LEFT);
      return;
    }
    this.#queue.add(one);
    this.#next();
  }

  /** Sends, in one of the places there are. */
  #carry(job: AuctionJob, send: (rest: Rest) => Promise<void>): void {
    this.#sending += 1;
    void send((bid, waited) => this.#rest(job.key, waitsUntil(bid), waited))
      .catch((error: unknown) => {
        this.#moreWaits = false; // what fails is repeated with the beat
        this.logger.error({ err: error, auction: job.key }, 'auction failed: it is taken up again');
      })
      .finally(() => {
        this.#sending -= 1;
        this.#letGo(job.key);
        this.#next();
      });
  }

  /** Gives the place to others while it waits, and takes one again when it has. */
  async #rest(key: string, limitAt: Date, waited: Promise<void>): ReturnType<Rest> {
    this.#sending -= 1;
    this.#next();
    const lost = new Promise<'lost'>((lose) => {
      this.#resting.set(key, () => {
        lose('lost');
      });
    });
    const end = await Promise.race([lost, waited.then(() => 'waited' as const)]);
    this.#resting.delete(key);
    if (this.draining.hasBegun || end === 'lost') {
      this.#sending += 1;
      return end;
    }
    await new Promise<void>((goOn) => {
      this.#rested.add({ key, limitAt, goOn });
      this.#next();
    });
    return end;
  }

  #letGo(key: string): void {
    this.#inHand.delete(key);
    if (this.#inHand.size === 0) this.#idle?.();
    if (this.draining.hasBegun) this.#sweeps.hurry();
    if (!this.#moreWaits || this.#inHand.size > this.settings.engine.auction.concurrency / 2) return;
    this.#moreWaits = false;
    this.#sweeps.hurry();
  }

  /** One that stops takes nothing up: it gives back what stands in its name and is not in its hands. */
  async #sweep(): Promise<void> {
    if (this.draining.hasBegun) return this.ledger.giveBack([...this.#inHand]);
    this.#next();
    await this.#letGoOfLost();
    const { concurrency } = this.settings.engine.auction;
    if (this.#sending >= concurrency || this.clockWatch.isOff) return;
    const room = concurrency - this.#sending;
    this.#takeOverAll(await this.ledger.claim([...this.#inHand], room), room);
  }

  #takeOverAll(claimed: readonly ClaimedAuction[], room: number): void {
    if (this.draining.hasBegun) return;
    this.#moreWaits = claimed.length === room;
    for (const auction of claimed.filter(({ key }) => !this.#inHand.has(key))) this.#takeOver(auction);
  }

  /**
   * What is in our hands is claimed by nobody here: where its holder has died, it would be nobody's for as long as it waits.
   * The next sweep takes it up, as that one has left it.
   */
  async #letGoOfLost(): Promise<void> {
    if (this.#resting.size === 0) return;
    for (const key of await this.ledger.lost([...this.#resting.keys()])) this.#resting.get(key)?.();
  }

  #takeOver(auction: ClaimedAuction): void {
    const { key, status, limit_at, expiration_at, received_at } = auction;
    const own = { key, limitAt: limit_at, expirationAt: expiration_at, receivedAt: received_at };
    const trace = beginTrace(this.traces, own, 'takeover');
    const job = { ...own, request: undefined, trace };
    this.logger.info({ auction: key, status }, 'auction taken over');
    this.#inHand.add(key);
    if (status === 'bidding') this.#carry(job, (rest) => this.submitBid.resume(job, false, rest));
    else void this.#decideAgain(job);
  }

  /** An auction that was opened apart, or left open by an earlier release. */
  async #decideAgain(job: AuctionJob): Promise<void> {
    try {
      const undecided = await this.undecidedAuctions.undecided(job, this.decideAuctions.isHopeless(job));
      if (undecided === undefined || this.draining.hasBegun) {
        this.#letGo(job.key);
        return;
      }
      this.#queue.add({
        key: job.key,
        limitAt: job.limitAt,
        undecided,
        tell: (taken) => {
          if (taken.kind === 'apart' && taken.parkedFor !== undefined)
            void this.undecidedAuctions.end(job.key, 'parked', taken.parkedFor);
        },
      });
      this.#next();
    } catch (error) {
      this.logger.error({ err: error, auction: job.key }, 'auction failed: it is taken up again');
      this.#letGo(job.key);
    }
  }
}
