import type { Trace } from '../../platform/domain';
import type { ProposalRequest } from './proposal-request';

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
  /** Where traces are collected: what this process did with it. */
  readonly trace?: Trace | undefined;
}
