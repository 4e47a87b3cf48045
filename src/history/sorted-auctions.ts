import type { EntityManager } from 'typeorm';
import { selectAuctions, type AuctionFilter, type AuctionSelection } from './auction-filter';
import {
  FACT_VALUE,
  LATER,
  type AuctionOrder,
  type FactPosition,
  type FactSort,
  type FactValue,
} from './auction-order';
import { factConditions } from './fact-filter';

/** One row of a sorted list: its key, and where it stands. */
export interface Placed {
  readonly key: string;
  readonly value: string;
  readonly at: string;
}

export interface SortedAsk {
  readonly filter: AuctionFilter;
  readonly order: AuctionOrder<FactSort>;
  /** Where the page before ended. */
  readonly after: FactPosition | undefined;
  readonly limit: number;
  /** All that pass the filter are sorted; otherwise the index of the fact is walked until there are enough. */
  readonly whole: boolean;
}

/**
 * The next auctions of a list that is sorted by a fact. Where many pass, they are found by walking the index of the fact,
 * each looked up by its key, and once that is at its end those without the fact follow.
 */
export async function sortedAuctions(tx: EntityManager, ask: SortedAsk): Promise<readonly Placed[]> {
  if (ask.whole) return sortWhole(tx, ask);
  const withValue = ask.after?.[0] === '' ? [] : await walk(tx, ask);
  const left = ask.limit - withValue.length;
  return left === 0 ? withValue : [...withValue, ...(await withoutValue(tx, { ...ask, limit: left }))];
}

function sortWhole(tx: EntityManager, { filter, order, after, limit }: SortedAsk): Promise<Placed[]> {
  const selection = selectAuctions(filter);
  const { sql } = FACT_VALUE[order.sort];
  const row = `(${sql}, m.received_at, m.key)`;
  const { later, end } = endOf(selection, order, after);
  const rest =
    after?.[0] === ''
      ? `${sql} IS NULL AND (m.received_at, m.key) ${later} (${end.slice(1).join(', ')})`
      : `(${sql} IS NULL OR ${row} ${later} (${end.join(', ')}))`;
  return tx.query<Placed[]>(
    `WITH m AS MATERIALIZED (SELECT ${selection.sortedBy}.received_at,
       ${selection.sortedBy}.issuer_proposal_request_key AS key ${selection.rows})
     SELECT m.key, coalesce(${sql}::text, '') AS value, m.received_at::text AS at
     FROM m LEFT JOIN history_fact f ON f.key = m.key ${after === undefined ? '' : `WHERE ${rest}`}
     ORDER BY ${sql} ${order.direction} NULLS LAST, m.received_at ${order.direction}, m.key ${order.direction}
     LIMIT ${String(limit)}`,
    selection.parameters,
  );
}

/** OFFSET 0 keeps the planner from sorting all that pass instead of walking in order. */
function walk(tx: EntityManager, { filter, order, after, limit }: SortedAsk): Promise<Placed[]> {
  const selection = selectAuctions(filter);
  const { sql } = FACT_VALUE[order.sort];
  selection.and(`${selection.sortedBy}.issuer_proposal_request_key = f.key`);
  if (selection.sortedBy === 'facet') selection.and('facet.received_at = f.received_at');
  const { later, end } = endOf(selection, order, after);
  const rest = after === undefined ? '' : `AND (${sql}, f.received_at, f.key) ${later} (${end.join(', ')})`;
  return tx.query<Placed[]>(
    `SELECT f.key, ${sql}::text AS value, f.received_at::text AS at
     FROM ${factsToWalk(selection, filter, order.sort)}, LATERAL (SELECT ${selection.rows} OFFSET 0) AS wanted
     WHERE ${ofFacts(selection, filter, FACT_VALUE[order.sort])} ${rest}
     ORDER BY ${sql} ${order.direction}, f.received_at ${order.direction}, f.key ${order.direction}
     LIMIT ${String(limit)}`,
    selection.parameters,
  );
}

/**
 * Few have a bid and reasons, and these have an index of their own: what was declined is not looked for among all bids, though the
 * planner takes the two for independent.
 */
function factsToWalk(selection: AuctionSelection, { reason }: AuctionFilter, sort: FactSort): string {
  if (reason === undefined || !FACT_VALUE[sort].isOfBid) return 'history_fact f';
  return `(SELECT * FROM history_fact WHERE bid_key IS NOT NULL AND reasons IS NOT NULL
    AND reasons @> ARRAY[${selection.parameter(reason)}::text] OFFSET 0) AS f`;
}

function withoutValue(tx: EntityManager, { filter, order, after, limit }: SortedAsk): Promise<Placed[]> {
  const selection = selectAuctions(filter);
  const at = `${selection.sortedBy}.received_at`;
  const key = `${selection.sortedBy}.issuer_proposal_request_key`;
  selection.and(
    `NOT EXISTS (SELECT FROM history_fact f WHERE f.key = ${key} AND ${ofFacts(selection, filter, FACT_VALUE[order.sort])})`,
  );
  if (after?.[0] === '') {
    const { later, end } = endOf(selection, order, after);
    selection.and(`(${at}, ${key}) ${later} (${end.slice(1).join(', ')})`);
  }
  return tx.query<Placed[]>(
    `SELECT ${key} AS key, '' AS value, ${at}::text AS at ${selection.rows}
     ORDER BY ${at} ${order.direction}, ${key} ${order.direction} LIMIT ${String(limit)}`,
    selection.parameters,
  );
}

/**
 * What a fact says of the filter itself, so that few are looked up in vain: what an index of facts begins with may be
 * what is asked for least. A fact that is behind by half a minute makes its auction one without the value.
 */
function ofFacts(selection: AuctionSelection, filter: AuctionFilter, { sql }: FactValue): string {
  const facts = factConditions(filter, (value) => selection.parameter(value));
  return [`${sql} IS NOT NULL`, ...facts].join(' AND ');
}

/** Where the page before ended, as parameters: its time and key, before them its value where it has one. */
function endOf(selection: AuctionSelection, { sort, direction }: SortedAsk['order'], after?: FactPosition) {
  const later = LATER[direction];
  if (after === undefined) return { later, end: [] };
  const [value, at, key] = after;
  const bound = (text: string, type: string): string => `${selection.parameter(text)}::${type}`;
  const shownValue = value === '' ? '' : bound(value, FACT_VALUE[sort].type);
  return { later, end: [shownValue, bound(at, 'timestamptz'), bound(key, 'text')] };
}
