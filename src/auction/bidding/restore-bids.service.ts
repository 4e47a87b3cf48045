import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RestoreSteps, type RestoreCounts } from '../../recovery';
import { bidSourcesOf } from '../domain/bid-status';
import type { StatusReason } from '../domain/status-reasons';

const REASON: StatusReason = 'before_restore';

/**
 * What the database believes of bids when it turns out to be a copy: one that is intended or being sent there may have
 * been sent, answered, even won since. None of them is sent; their outcomes tell. What is at risk stays counted.
 */
@Injectable()
export class RestoreBids {
  constructor(steps: RestoreSteps) {
    steps.add((tx) => this.#makeUnknown(tx));
  }

  async #makeUnknown(tx: EntityManager): Promise<RestoreCounts> {
    const [made] = await tx.query<{ auctions: number; bids: number }[]>(
      `WITH auctions AS (
         UPDATE auction SET status = 'unknown', status_reason = $1, lease_owner = NULL
         WHERE status = 'bidding' RETURNING 1),
       bids AS (
         UPDATE bid SET status = 'unknown', status_reason = $1 WHERE status = ANY ($2) RETURNING 1)
       SELECT (SELECT count(*)::int FROM auctions) AS auctions, (SELECT count(*)::int FROM bids) AS bids`,
      [REASON, bidSourcesOf('unknown')],
    );
    return { auctions_unknown: made?.auctions ?? 0, bids_unknown: made?.bids ?? 0 };
  }
}
