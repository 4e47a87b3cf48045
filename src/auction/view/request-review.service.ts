import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditTrail, type Actor } from '../../platform';
import { IS_ARCHIVED } from '../archived';
import { WORK_QUEUE, type WorkQueue } from '../ports';

export type ReviewOutcome = 'requested' | 'open_already' | 'no_decision' | 'archived' | 'not_found';

/**
 * A borrower's right to have a person look at what was decided without one (LGPD, art. 20): whoever takes the request
 * notes it here, and it waits in the work queue until somebody writes down what the review came to.
 */
@Injectable()
export class RequestReview {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    @Inject(WORK_QUEUE) private readonly workQueue: WorkQueue,
  ) {}

  /** @param reason what the borrower objects to, in words for the reviewer */
  request(auctionKey: string, reason: string, by: Actor): Promise<ReviewOutcome> {
    return this.dataSource.transaction(async (tx) => {
      const [auction] = await tx.query<{ decided: boolean; archived: boolean }[]>(
        `SELECT decision.auction_key IS NOT NULL AS decided, ${IS_ARCHIVED} AS archived
         FROM auction LEFT JOIN decision ON auction_key = issuer_proposal_request_key AND ordinal = 1
         WHERE issuer_proposal_request_key = $1`,
        [auctionKey],
      );
      if (auction === undefined) return 'not_found';
      if (!auction.decided) return auction.archived ? 'archived' : 'no_decision';
      const isOpened = await this.workQueue.open(tx, {
        kind: 'human_review',
        auctionKey,
        code: 'REVIEW_REQUESTED',
        message: `O trabalhador pede que uma pessoa reveja a decisão (LGPD, art. 20): ${reason}`,
        actor: by.id,
      });
      if (!isOpened) return 'open_already';
      await this.audit.record(tx, {
        actor: by.id,
        action: 'review.requested',
        subject: `auction ${auctionKey}`,
        reason,
      });
      return 'requested';
    });
  }
}
