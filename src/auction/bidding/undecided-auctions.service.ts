import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { InstanceRegistry, LOGGER, type Logger } from '../../platform';
import type { AuctionJob } from '../domain/auction-job';
import { sourcesOf } from '../domain/auction-status';
import type { AuctionParkReason } from '../domain/status-reasons';
import { parkedTask } from './parked-task';
import { WORK_QUEUE, type WorkQueue } from '../ports';
import { TerminalLines } from './terminal-lines.service';
import type { Undecided } from './decide-auctions.service';
import { StoredRequests } from './stored-requests.service';
import { UnbidCount } from './unbid-count.service';

/** Auctions that stand on disk undecided: opened apart, or left by an earlier release. */
@Injectable()
export class UndecidedAuctions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly requests: StoredRequests,
    private readonly instances: InstanceRegistry,
    private readonly lines: TerminalLines,
    private readonly unbidCount: UnbidCount,
    @Inject(WORK_QUEUE) private readonly workQueue: WorkQueue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** What there is to decide; undefined when it has been ended here instead. The limit is looked at first. */
  async undecided(job: AuctionJob, isHopeless: boolean): Promise<Undecided | undefined> {
    if (isHopeless) {
      await this.end(job.key, 'missed', 'no_time');
      return undefined;
    }
    const stored = await this.requests.load(job.key);
    if (stored?.request === undefined) {
      await this.end(job.key, 'parked', 'request_unreadable');
      return undefined;
    }
    const { request, eventId } = stored;
    const { receivedAt, limitAt, expirationAt } = job;
    const deadline = { kind: 'deadline', limitAt, expirationAt, reading: 'utc' } as const;
    return {
      job: { ...job, request },
      request,
      opening: { eventId, receivedAt, request, deadline },
      eventId: undefined,
    };
  }

  /** Ends an open auction of ours without a decision. */
  async end(
    key: string,
    ...[status, reason]: readonly ['missed', 'no_time'] | readonly ['parked', AuctionParkReason]
  ): Promise<void> {
    const isEnded = await this.dataSource.transaction(async (tx) => {
      const [, moved] = await tx.query<[unknown, number]>(
        `UPDATE auction SET status = $3, status_reason = $4, lease_owner = NULL
         WHERE issuer_proposal_request_key = $1 AND lease_owner = $2 AND status = ANY ($5)`,
        [key, this.instances.id, status, reason, sourcesOf(status)],
      );
      if (moved === 1 && status === 'parked') await this.workQueue.open(tx, parkedTask(key, reason));
      return moved === 1;
    });
    if (!isEnded) return;
    this.unbidCount.add(reason);
    this.logger.warn({ auction: key, reason }, `auction ${status}`);
    this.lines.notBid(key, status, reason);
  }
}
