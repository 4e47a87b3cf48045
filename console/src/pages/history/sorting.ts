import type { paths } from '../../api/schema';

type HistorySort = NonNullable<
  NonNullable<paths['/api/v1/history/auctions']['get']['parameters']['query']>['sort']
>;

/** What a column is sorted by; by the others a list cannot be sorted. */
export const SORT_OF = {
  received_at: 'received_at',
  status: 'status',
  requested_amount: 'requested_amount',
  rate: 'monthly_interest_rate',
  offered: 'disbursed_issue_amount',
  expected: 'expected_margin',
  expected_rate: 'margin_rate',
} as const satisfies Readonly<Record<string, HistorySort>>;

export const isSortable = (column: string): column is keyof typeof SORT_OF => Object.hasOwn(SORT_OF, column);
