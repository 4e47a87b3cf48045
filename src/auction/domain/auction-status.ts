/**
 * The life of one auction, as data.
 *
 * open: stored, not decided. declined: decided not to bid. bidding: a bid is intended or being sent. bid: accepted by
 * QI, outcome pending. rejected: QI refused it and nothing that fits was left. missed: the limit, a switch or a dry run
 * came before we could send. unknown: sent, and nobody knows whether QI has it. won, lost: QI said so, and one thing of
 * a proposal for ever; lost is won after all when another proposal of the same bid has won. expired: no
 * outcome came although the request is over. parked: a person must look.
 */
export const AUCTION_STATUSES = [
  'open',
  'declined',
  'bidding',
  'bid',
  'rejected',
  'missed',
  'unknown',
  'won',
  'lost',
  'expired',
  'parked',
] as const;
export type AuctionStatus = (typeof AUCTION_STATUSES)[number];

const TRANSITIONS: Readonly<Record<AuctionStatus, readonly AuctionStatus[]>> = {
  // Unknown: it may have been bid for and forgotten, with a restore of the database.
  open: ['declined', 'bidding', 'missed', 'unknown', 'parked', 'won', 'lost'],
  bidding: ['bid', 'rejected', 'missed', 'unknown', 'won', 'lost', 'parked'],
  bid: ['won', 'lost', 'expired', 'parked'],
  // An answer that comes after we gave up waiting still counts.
  unknown: ['bid', 'rejected', 'won', 'lost', 'expired', 'parked'],
  // An outcome may come long after we stopped expecting one.
  expired: ['won', 'lost', 'parked'],
  declined: [],
  rejected: [],
  missed: [],
  won: [],
  lost: [],
  parked: [],
};

/** The statuses an auction may have just before `to`: the guard of every update. */
export function sourcesOf(to: AuctionStatus): readonly AuctionStatus[] {
  return AUCTION_STATUSES.filter((from) => TRANSITIONS[from].includes(to));
}

/** True when QI may still owe us an outcome. */
export function awaitsOutcome(status: AuctionStatus): boolean {
  return TRANSITIONS[status].includes('won');
}
