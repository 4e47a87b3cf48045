import { isDay } from '../../format/format';
import { daysAfter } from '../results/period';
import { isSortable, SORT_OF } from './sorting';

/** The filters as they stand in the address: a search can be bookmarked, shared and gone back to. No person is in it. */
export interface HistorySearch {
  readonly status?: string;
  readonly reason?: string;
  readonly de?: string;
  readonly ate?: string;
  readonly rate_from?: string;
  readonly rate_to?: string;
  readonly term_from?: string;
  readonly term_to?: string;
  readonly amount_from?: string;
  readonly amount_to?: string;
  readonly policy?: string;
  readonly borrower?: string;
  readonly employer?: string;
  /** Another period that the charts are held against; of the charts alone. */
  readonly contra?: string;
  /** Column by which the list is sorted, `-` before it for descending; of the list alone. */
  readonly ordem?: string;
}

const NAMES = [
  'status',
  'reason',
  'de',
  'ate',
  'rate_from',
  'rate_to',
  'term_from',
  'term_to',
  'amount_from',
  'amount_to',
  'policy',
  'borrower',
  'employer',
  'contra',
  'ordem',
] as const satisfies readonly (keyof HistorySearch)[];

const isDecimal = (text: string): boolean => /^\d+(\.\d+)?$/.test(text);
const isTerm = (text: string): boolean => /^\d{1,4}$/.test(text);

/** An address may be typed: what it says of these and cannot be read filters nothing. */
const READABLE: Readonly<Partial<Record<keyof HistorySearch, (text: string) => boolean>>> = {
  de: isDay,
  ate: isDay,
  rate_from: isDecimal,
  rate_to: isDecimal,
  amount_from: isDecimal,
  amount_to: isDecimal,
  term_from: isTerm,
  term_to: isTerm,
};

export function readHistorySearch(search: Record<string, unknown>): HistorySearch {
  const entries = NAMES.map((name) => [name, search[name]] as const)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([name, value]) => [name, String(value)] as const)
    .filter(([name, value]) => value !== '' && READABLE[name]?.(value) !== false);
  return Object.fromEntries(entries);
}

/** Days are days in São Paulo, which has had no daylight saving time since 2019. */
const startOfDay = (day: string): string => `${day}T00:00:00-03:00`;

/** The filters as the API takes them: the last day of the period is part of it. */
export function filterOf({ de, ate, term_from, term_to, ordem: _, contra: __, ...search }: HistorySearch) {
  return {
    ...search,
    ...(term_from !== undefined && { term_from: Number(term_from) }),
    ...(term_to !== undefined && { term_to: Number(term_to) }),
    ...(de !== undefined && { received_from: startOfDay(de) }),
    ...(ate !== undefined && { received_before: startOfDay(daysAfter(ate, 1)) }),
  };
}

/** Whether anything narrows what is found: an order and a comparison do not. */
export const isFiltered = (search: HistorySearch): boolean => Object.keys(filterOf(search)).length > 0;

/** Whether won and lost are both among what is found: else how often we win follows from the filter itself. */
export function tellsWhoWins({ status }: HistorySearch): boolean {
  const statuses = status?.split(',') ?? ['won', 'lost'];
  return statuses.includes('won') && statuses.includes('lost');
}

/** How the list is sorted; newest first where the address does not say, or says what is not there. */
export function orderOf({ ordem = '' }: HistorySearch) {
  const column = ordem.replace(/^-/, '');
  if (!isSortable(column)) return { column: 'received_at', sort: 'received_at', direction: 'desc' } as const;
  const direction: 'asc' | 'desc' = ordem.startsWith('-') ? 'desc' : 'asc';
  return { column, sort: SORT_OF[column], direction };
}

/** The address after a press on a column's heading: the largest first, then the smallest. */
export function sortedBy(search: HistorySearch, column: string): HistorySearch {
  const order = orderOf(search);
  const isDescending = order.column === column && order.direction === 'desc';
  return { ...search, ordem: isDescending ? column : `-${column}` };
}
