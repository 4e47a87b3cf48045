import type { NewExposure, Parties } from '../../exposure';
import { DAY_MS, calendarDateAt } from '../../kernel';
import type { FittedBid } from '../../decision/domain';
import type { BidIdentity } from './bid-rows';
import type { Gathered } from './decision-inputs.service';
import type { ExposureRow } from './ledger';
import { hex } from './opening';

/** What a bid puts at risk, as it is reserved. */
export function exposureRow(
  { auctionKey, requestControlKey, createdAt }: BidIdentity,
  bid: FittedBid,
  { borrower, employer }: Parties,
): ExposureRow {
  return {
    request_control_key: requestControlKey,
    auction_key: auctionKey,
    borrower_index: borrower ? hex(borrower) : null,
    employer_index: employer ? hex(employer) : null,
    amount: bid.disbursedIssueAmount.toFixed(),
    monthly_interest_rate: bid.monthlyInterestRate.toFixed(),
    counted_on: calendarDateAt(createdAt),
    live_until: new Date(createdAt.getTime() + bid.daysToExpiration * DAY_MS),
  };
}

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
