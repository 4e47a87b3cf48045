import { VERSION, type AuctionFilter } from './auction-filter';

/**
 * What an auction's fact (`f`) says of a filter. What a fact does not say, who asked and for whom he works, is not among it; the
 * rate is that of the latest bid.
 * @param bound makes a value a parameter, and returns its place
 */
export function factConditions(filter: AuctionFilter, bound: (value: unknown) => string): readonly string[] {
  const wanted: readonly (readonly [condition: string, value: unknown])[] = [
    ['f.status = ANY (?::text[])', filter.status],
    ['f.reasons @> ARRAY[?::text]', filter.reason],
    ['f.received_at >= ?::timestamptz', filter.received_from],
    ['f.received_at < ?::timestamptz', filter.received_before],
    [`f.asked >= ${whole('ceil', 100, 'bigint')}`, filter.amount_from],
    [`f.asked <= ${whole('floor', 100, 'bigint')}`, filter.amount_to],
    ['f.asked_term >= ?::integer', filter.term_from],
    ['f.asked_term <= ?::integer', filter.term_to],
    [`f.rate >= ${whole('ceil', 1_000_000, 'integer')}`, filter.rate_from],
    [`f.rate <= ${whole('floor', 1_000_000, 'integer')}`, filter.rate_to],
    [`f.policy_version = ${VERSION}`, filter.policy],
  ];
  return wanted.flatMap(([condition, value]) =>
    value === undefined ? [] : [condition.replaceAll('?', bound(value))],
  );
}

const MOST = { integer: '2147483647', bigint: '9223372036854775807' } as const;

/** A bound in the type of the column: a number of another type would keep the planner from its index. */
const whole = (toWhole: 'ceil' | 'floor', scale: number, type: keyof typeof MOST): string =>
  `least(greatest(${toWhole}(?::numeric * ${String(scale)}), -${MOST[type]}), ${MOST[type]})::${type}`;
