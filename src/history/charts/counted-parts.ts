import { SAO_PAULO } from '../../kernel';
import { AuctionSelection, markOf, selectAuctions, type AuctionFilter } from '../auction-filter';
import { seenBy, sliceOf, unslicedDays, type ChartedDimension } from '../explore/daily-sums';
import { EMPLOYER_SUMS, employersWithMost } from '../explore/employer-sums';
import { ADDENDS, type KeptSum } from '../explore/measures';
import { factConditions } from '../fact-filter';

interface Part {
  readonly by: ChartedDimension;
  readonly sums: readonly KeptSum[];
}

/** What charts show, by what, and of which sums. */
const PARTS = {
  funnel: {
    by: 'all',
    sums: [
      'requests',
      'asked',
      'decided',
      'decided_asked',
      'bids',
      'bids_asked',
      'won',
      'won_amount',
      'signed',
      'signed_amount',
      'reserved',
      'reserved_amount',
      'paid',
      'paid_amount',
    ],
  },
  reasons: { by: 'reasons', sums: ['requests', 'asked'] },
  rates: {
    by: 'rate',
    sums: [
      'won',
      'lost',
      'unanswered_won',
      'unanswered_lost',
      'won_known',
      'expected',
      'margin',
      'told_expected_loss',
      'told_loss',
    ],
  },
  hours: { by: 'hour', sums: ['requests', 'bids', 'won'] },
  terms: { by: 'installments', sums: ['bids', 'won'] },
  tenures: { by: 'tenure', sums: ['requests', 'bids', 'won'] },
  seconds_left: { by: 'seconds_left', sums: ['requests'] },
} as const satisfies Readonly<Record<string, Part>>;
export type PartName = keyof typeof PARTS;

const USED = [...new Set(Object.values(PARTS).flatMap(({ sums }): readonly KeptSum[] => sums))];
const COLUMNS = `day, hour, reason, reasons, rate, term, tenure_months, seconds_left, employer_index`;

export const MAX_EMPLOYERS = 12;

export interface PartsStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Whether the sums say it: a period, which may begin and end within a day, and statuses. */
export function isSummed({
  received_from: _from,
  received_before: _before,
  status: _status,
  ...others
}: AuctionFilter): boolean {
  return Object.values(others).every((value) => value === undefined);
}

/**
 * From the sums of the days that lie in the period, and from the facts of those it cuts and of those whose sums are not right.
 * @param depth how many employers are looked at of each month or day (null: all)
 */
export function countedFromSums(filter: AuctionFilter, depth: number | null): PartsStatement {
  const selection = new AuctionSelection();
  const bound = (value: unknown): string => selection.parameter(value);
  const local = (instant = ''): string =>
    `(nullif(${bound(instant)}, '')::timestamptz AT TIME ZONE '${SAO_PAULO}')`;
  // Of the empty one, all that there is.
  const slices = filter.status === undefined ? [''] : [...new Set(filter.status)].map(sliceOf);
  const span = `
    SELECT first, after_last, ${bound(slices)}::text[] AS slices,
      ARRAY(SELECT day FROM history_stale_day UNION SELECT at::date FROM (VALUES (at_first), (at_end)) AS cut (at)
        WHERE at::time <> '00:00'${filter.status === undefined ? '' : ` UNION ${unslicedDays('day >= first AND day < after_last')}`}) AS fresh
    FROM (VALUES (${local(filter.received_from)}, ${local(filter.received_before)})) AS ends (at_first, at_end),
      LATERAL (SELECT coalesce((at_first - interval '1 microsecond')::date + 1, '-infinity') AS first,
        coalesce(at_end::date, 'infinity') AS after_last) AS days`;
  const facts = [...ofAuctions(filter, bound), `f.day = ANY (${ofSpan('fresh')}::date[])`].join(' AND ');
  const sql = statement(`SELECT * FROM history_fact f WHERE ${facts}`, { span, depth });
  return { sql, parameters: selection.parameters };
}

/** As an array: looked up by the index, and not one row of sums after the other. */
const inSlices = (by: ChartedDimension): string =>
  `dimension = ANY (ARRAY(SELECT '${by}' || slice FROM span, unnest(slices) AS slice))`;

const ofSpan = (name: string): string => `(SELECT ${name} FROM span)`;

/** What the list knows for ever: bids, and so rates, leave the database for the archive, while facts stay. */
export function withoutRates(filter: AuctionFilter): AuctionFilter {
  return { ...filter, rate_from: undefined, rate_to: undefined };
}

/**
 * From the facts alone, whatever the filter.
 * @param isFew they are looked up by their keys, of which the list finds few without looking at rates
 * @param newest so many at most
 */
export function countedFromFacts(
  filter: AuctionFilter,
  { isFew = false, newest }: { readonly isFew?: boolean; readonly newest?: number },
): PartsStatement {
  const selection = isFew ? selectAuctions(withoutRates(filter)) : new AuctionSelection();
  const listed = `SELECT ${selection.sortedBy}.issuer_proposal_request_key ${selection.rows}`;
  const conditions = [
    ...ofAuctions(filter, (value) => selection.parameter(value)),
    ...(isFew ? [`f.key IN (${listed})`] : []),
  ];
  const limit =
    newest === undefined ? '' : ` ORDER BY f.day DESC, f.received_at DESC LIMIT ${String(newest)}`;
  const sql = statement(`SELECT * FROM history_fact f WHERE ${conditions.join(' AND ')}${limit}`);
  return { sql, parameters: selection.parameters };
}

/** Of loans that no auction brought there is nothing to count here. */
function ofAuctions(filter: AuctionFilter, bound: (value: unknown) => string): readonly string[] {
  const whose = (['borrower', 'employer'] as const).flatMap((party) => {
    const mark = markOf(filter[party]);
    if (mark === undefined) return [];
    return [
      `f.key IN (SELECT issuer_proposal_request_key FROM auction WHERE ${party}_index = ${bound(mark)})`,
    ];
  });
  return [`f.product = 'private_payroll'`, ...factConditions(filter, bound), ...whose];
}

/** Which sums say what the facts that are picked do not. */
interface Kept {
  /** A query of one row: the first whole day, the one after the last, the slices, and the days that are read from the facts. */
  readonly span: string;
  readonly depth: number | null;
}

/** The facts are read once and then seen from all sides. */
function statement(facts: string, kept?: Kept): string {
  const parts = Object.entries(PARTS).map(([name, part]) => asJson(counted(part, kept), name));
  return `
    WITH ${kept === undefined ? '' : `span AS MATERIALIZED (${kept.span}),`} picked AS MATERIALIZED (
      SELECT ${COLUMNS}, ${USED.map((name) => `${ADDENDS[name]} AS a_${name}`).join(', ')} FROM (${facts}) AS fact)
    SELECT ${[...parts, asJson(employers(kept), 'employers')].join(',\n')}`;
}

const asJson = (rows: string, name: string): string =>
  `(SELECT coalesce(json_agg(part), '[]') FROM (${rows}) AS part) AS ${name}`;
const together = (names: readonly KeptSum[]): string =>
  names.map((name) => `coalesce(sum(${name}), 0)::text AS ${name}`).join(', ');
const added = (names: readonly KeptSum[]): string =>
  names.map((name) => `sum(a_${name}) AS ${name}`).join(', ');

function counted({ by, sums }: Part, kept?: Kept): string {
  const fresh = `SELECT seen.value, ${added(sums)} FROM picked, ${seenBy(by)} GROUP BY seen.value`;
  const summed =
    kept &&
    `SELECT value, ${sums.join(', ')} FROM history_sum
      WHERE ${inSlices(by)} AND product = 'private_payroll' AND requests > 0 AND day >= ${ofSpan('first')}
        AND day < ${ofSpan('after_last')} AND day <> ALL (${ofSpan('fresh')}::date[])`;
  return `SELECT value, ${together(sums)}
    FROM (${summed === undefined ? fresh : `${fresh} UNION ALL ${summed}`}) AS summed GROUP BY value`;
}

function employers(kept?: Kept): string {
  const fresh = `SELECT employer_index, ${added(EMPLOYER_SUMS)} FROM picked WHERE employer_index IS NOT NULL GROUP BY 1`;
  const most =
    kept === undefined
      ? `SELECT encode(employer_index, 'hex') AS value, *, 0 AS beyond FROM (${fresh}) AS fresh
         ORDER BY requests DESC, employer_index LIMIT ${String(MAX_EMPLOYERS)}`
      : employersWithMost(
          {
            slices: ofSpan('slices'),
            from: ofSpan('first'),
            before: ofSpan('after_last'),
            except: `${ofSpan('fresh')}::date[]`,
            fresh,
          },
          MAX_EMPLOYERS,
          kept.depth,
        );
  return `SELECT value, ${EMPLOYER_SUMS.map((name) => `${name}::text`).join(', ')}, beyond::text FROM (${most}) AS most`;
}
