import type { NewExposure } from '../../exposure';
import type { BidIdentity } from './bid-rows';
import type { Gathered } from './decision-inputs.service';
import type { FittedBid } from '../domain/decide';

/** What a bid puts at risk, and the standing it was decided on. */
export function exposureOf(
  { auctionKey, requestControlKey, createdAt }: BidIdentity,
  bid: FittedBid,
  { parties, revision }: Gathered,
): NewExposure {
  return {
    requestControlKey,
    auctionKey,
    parties,
    amount: bid.disbursedIssueAmount,
    monthlyInterestRate: bid.monthlyInterestRate,
    daysToExpiration: bid.daysToExpiration,
    decidedAt: createdAt,
    revision,
  };
}
