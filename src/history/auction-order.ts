import { z } from 'zod';
import { cursorInstant } from '../platform';

/** What the list of auctions can be sorted by. Rows that have no such value come last, whichever way it is sorted. */
export const AUCTION_SORTS = [
  'received_at',
  'status',
  'requested_amount',
  'monthly_interest_rate',
  'disbursed_issue_amount',
  'expected_margin',
  'margin_rate',
] as const;
export type AuctionSort = (typeof AUCTION_SORTS)[number];

export const DIRECTIONS = ['desc', 'asc'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Two auctions of the same value stand by their time of receipt, of the same time by their key. */
export interface AuctionOrder<Sort = AuctionSort> {
  readonly sort: Sort;
  readonly direction: Direction;
}

/** Sorted by something else than time: by a fact of the history (`f`), which has an index for each. */
export type FactSort = Exclude<AuctionSort, 'received_at'>;
export interface FactValue {
  readonly sql: string;
  readonly type: 'text' | 'bigint';
  /** Nothing without a bid. */
  readonly isOfBid: boolean;
}
const ofBid = (sql: string): FactValue => ({ sql, type: 'bigint', isOfBid: true });
export const FACT_VALUE: Readonly<Record<FactSort, FactValue>> = {
  status: { sql: 'f.status', type: 'text', isOfBid: false },
  requested_amount: { sql: 'f.asked', type: 'bigint', isOfBid: false },
  monthly_interest_rate: ofBid('f.rate'),
  disbursed_issue_amount: ofBid('f.offered'),
  expected_margin: ofBid('(f.margin * f.paid_out)'),
  margin_rate: ofBid('f.margin_rate'),
};

/** How a later row compares with an earlier one. */
export const LATER: Readonly<Record<Direction, '<' | '>'>> = { desc: '<', asc: '>' };

const key = z.string().max(500);
/** Where a page sorted by time ended: the time, and the key that breaks ties. */
export const timePosition = z.tuple([cursorInstant, key]);

/** Where a page sorted by a fact ended; the value is empty where the row has none. */
export function factPosition(sort: FactSort) {
  const value = FACT_VALUE[sort].type === 'text' ? /^[a-z_]{0,40}$/ : /^(-?\d{1,18})?$/;
  return z.tuple([z.string().regex(value), cursorInstant, key]);
}
export type FactPosition = z.output<ReturnType<typeof factPosition>>;
