/**
 * The life of one bid, as data.
 *
 * intended: priced and reserved; QI has certainly none of it, and whoever holds the auction may send it. sending: it may
 * be on its way. accepted: QI said so, or a win proved it. rejected: QI refused it. unknown: sent, and nobody knows
 * whether QI has it. unproven: sent, never answered, and the auction went to others: that it was lost does not prove
 * that QI had it, so it says nothing of our price. withdrawn: it was never sent, or QI certainly took none of it.
 */
export const BID_STATUSES = [
  'intended',
  'sending',
  'accepted',
  'rejected',
  'unknown',
  'unproven',
  'withdrawn',
] as const;
export type BidStatus = (typeof BID_STATUSES)[number];

const TRANSITIONS: Readonly<Record<BidStatus, readonly BidStatus[]>> = {
  // Unknown: the database is a copy, and it may have been sent after all. QI's word on its very key proves that it was.
  intended: ['sending', 'accepted', 'rejected', 'unknown', 'withdrawn'],
  // Back to intended only when QI certainly has none of it.
  sending: ['intended', 'accepted', 'rejected', 'unknown', 'unproven', 'withdrawn'],
  // An answer that comes after we gave up waiting still counts.
  unknown: ['accepted', 'rejected', 'unproven'],
  unproven: ['accepted', 'rejected'],
  accepted: [],
  rejected: [],
  withdrawn: [],
};

/** The statuses a bid may have just before `to`: the guard of every update. */
export function bidSourcesOf(to: BidStatus): readonly BidStatus[] {
  return BID_STATUSES.filter((from) => TRANSITIONS[from].includes(to));
}
