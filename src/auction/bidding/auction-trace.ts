import type { Trace, Traces } from '../../platform';
import type { AuctionJob } from '../domain/auction-job';

/** The trace of an auction from the door on; undefined while nobody collects them. */
export function beginTrace(
  traces: Traces,
  { key, limitAt, receivedAt }: Pick<AuctionJob, 'key' | 'limitAt' | 'receivedAt'>,
  by: 'door' | 'takeover',
): Trace | undefined {
  return traces.begin('auction', receivedAt, {
    'auction.key': key,
    'auction.limit_at': limitAt.toISOString(),
    'auction.budget_ms': limitAt.getTime() - receivedAt.getTime(),
    'auction.by': by,
  });
}
