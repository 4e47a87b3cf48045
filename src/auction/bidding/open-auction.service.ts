import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { MINUTE_MS, type Clock } from '../../kernel';
import { releaseWaiting, type Handling, type TakenEvent, type WebhookEvent } from '../../inbox';
import {
  BlindIndex,
  CLOCK,
  FieldCipher,
  InstanceRegistry,
  LOGGER,
  SETTINGS,
  Traces,
  type Logger,
  type Settings,
  type Trace,
} from '../../platform';
import { mayBeBidAlready, readDeadline } from '../domain/deadline';
import type { ProposalRequest } from '../domain/proposal-request';
import type { AuctionParkReason, UnbidReason } from '../domain/status-reasons';
import { WORK_QUEUE, type WorkQueue } from '../ports';
import { beginTrace } from './auction-trace';
import { AuctionWorker } from './auction-worker.service';
import { auctionCorrelation } from './correlation';
import { insertAuctions, recordset } from './ledger';
import { auctionRow, lastMoment, partiesOf, type Opening } from './opening';
import { parkedTask } from './parked-task';
import { UnbidCount } from './unbid-count.service';

/** How an auction is born. */
type Birth =
  | { readonly status: 'open'; readonly reason: null }
  | { readonly status: 'missed' | 'unknown'; readonly reason: UnbidReason }
  | { readonly status: 'parked'; readonly reason: AuctionParkReason };

/** The first step: a request that can be bid for goes to the worker; whatever is odd about it is opened here, apart. */
@Injectable()
export class OpenAuctionService {
  constructor(
    private readonly worker: AuctionWorker,
    private readonly instances: InstanceRegistry,
    private readonly cipher: FieldCipher,
    private readonly blindIndex: BlindIndex,
    private readonly traces: Traces,
    private readonly unbidCount: UnbidCount,
    @Inject(WORK_QUEUE) private readonly workQueue: WorkQueue,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Opens, decides and applies in one commit of the worker's; undefined when the request is odd: see `open`. */
  take(event: WebhookEvent, request: ProposalRequest): Promise<TakenEvent> | undefined {
    const opening = this.#openingOf(event, request);
    const { deadline } = opening;
    if (deadline.kind !== 'deadline' || isOver(request)) return undefined;
    const job = {
      key: request.key,
      limitAt: deadline.limitAt,
      expirationAt: lastMoment(deadline),
      receivedAt: event.receivedAt,
      request,
      trace: this.#traceOf(event, request.key, deadline.limitAt),
    };
    return this.#taken(opening, this.worker.take({ job, request, opening, eventId: event.id }), job.trace);
  }

  /** From the door on; the webhook is on disk by now. */
  #traceOf({ receivedAt }: WebhookEvent, key: string, limitAt: Date): Trace | undefined {
    const trace = beginTrace(this.traces, { key, limitAt, receivedAt }, 'door');
    trace?.step('make durable', receivedAt, this.clock.now());
    return trace;
  }

  async #taken(
    opening: Opening,
    taking: ReturnType<AuctionWorker['take']>,
    trace: Trace | undefined,
  ): Promise<TakenEvent> {
    const taken = await taking;
    switch (taken.kind) {
      case 'apart':
        trace?.end(this.clock.now(), { 'auction.status': taken.parkedFor ?? 'opened_apart' }, 'wrong');
        return { kind: 'handle', handler: (_, tx) => this.#open(opening, tx, taken.parkedFor) };
      case 'failed':
        throw taken.error;
      default:
        return taken;
    }
  }

  /** Opening the same request again changes nothing: the first one on disk counts. */
  open(event: WebhookEvent, request: ProposalRequest, tx: EntityManager): Promise<Handling> {
    return this.#open(this.#openingOf(event, request), tx);
  }

  #openingOf(event: WebhookEvent, request: ProposalRequest): Opening {
    const { receivedAt } = event;
    const deadline = readDeadline(
      { ...request, receivedAt },
      this.settings.QI_DEADLINE_ZONE,
      this.settings.engine.auction.longest_window_minutes * MINUTE_MS,
    );
    return { eventId: event.id, receivedAt, request, deadline };
  }

  async #open(opening: Opening, tx: EntityManager, parkedFor?: AuctionParkReason): Promise<Handling> {
    const { request, deadline } = opening;
    const birth: Birth =
      parkedFor === undefined ? await this.#birth(opening, tx) : { status: 'parked', reason: parkedFor };
    const row = {
      ...auctionRow(opening, partiesOf(request, this.blindIndex), this.cipher),
      status: birth.status,
      status_reason: birth.reason,
    };
    const inserted = await tx.query<unknown[]>(insertAuctions('$1', '$2'), [
      recordset([row]),
      birth.status === 'open' ? this.instances.id : null,
    ]);
    if (inserted.length === 0) return { kind: 'done' };
    if (birth.status === 'parked') await this.workQueue.open(tx, parkedTask(request.key, birth.reason));
    await releaseWaiting(tx, auctionCorrelation(request.key));
    this.logger.info(
      {
        auction: request.key,
        status: birth.status,
        reason: birth.reason ?? undefined,
        limit_text: request.inclusionLimitText,
        ...(deadline.kind === 'deadline' && { limit_at: deadline.limitAt, limit_reading: deadline.reading }),
      },
      'auction opened',
    );
    return {
      kind: 'done',
      afterCommit: () => {
        if (birth.reason !== null) this.unbidCount.add(birth.reason);
      },
    };
  }

  /** One that turns out to be as any other is left open for the sweep, which decides it within its next round. */
  async #birth({ request, deadline }: Opening, tx: EntityManager): Promise<Birth> {
    // Its end came before its beginning: whatever was sent, was sent without this row.
    const [waiting] = await tx.query<{ ended: boolean }[]>(
      `SELECT EXISTS (SELECT FROM webhook_event WHERE correlation_key = $1 AND status = 'waiting') AS ended`,
      [auctionCorrelation(request.key)],
    );
    if (waiting?.ended === true) return { status: 'unknown', reason: 'ended_before_it_opened' };
    if (await this.#isOfBeforeRestore(request, deadline, tx))
      return { status: 'unknown', reason: 'before_restore' };
    if (isOver(request)) return { status: 'missed', reason: `request_${request.status}` };
    if (deadline.kind === 'nonsense') return { status: 'parked', reason: deadline.reason };
    return { status: 'open', reason: null };
  }

  /** Whatever was sent for it is lost with the restore. One with a limit that makes no sense was never bid for. */
  async #isOfBeforeRestore(
    { eventAtText }: ProposalRequest,
    deadline: Opening['deadline'],
    tx: EntityManager,
  ): Promise<boolean> {
    if (deadline.kind !== 'deadline') return false;
    const [row] = await tx.query<{ bids_from: Date | null }[]>(
      `SELECT max(bids_from) AS bids_from FROM recovery`,
    );
    const longestWindowMs = this.settings.engine.auction.longest_window_minutes * MINUTE_MS;
    return mayBeBidAlready(eventAtText, deadline.limitAt, longestWindowMs, row?.bids_from ?? undefined);
  }
}

/** QI says that it takes no proposals for it any more. */
function isOver<R extends ProposalRequest>(
  request: R,
): request is R & { readonly status: 'finished' | 'expired' } {
  const { status } = request;
  return status === 'finished' || status === 'expired';
}
