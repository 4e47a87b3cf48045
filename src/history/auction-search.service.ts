import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Steps } from '../kernel';
import {
  FieldCipher,
  decodeCursor,
  inTurns,
  pageOf,
  ProblemException,
  ReadDatabase,
  type Page,
} from '../platform';
import { AuctionCounts } from './auction-counts.service';
import { selectAuctions, type AuctionFilter } from './auction-filter';
import {
  factPosition,
  LATER,
  timePosition,
  type AuctionOrder,
  type Direction,
  type FactSort,
} from './auction-order';
import { rowsOf, viewAuctionRow, type AuctionRecord, type AuctionRowView } from './auction-row';
import { readWithin } from './read-within';
import { sortedAuctions, type SortedAsk } from './sorted-auctions';

const NEWEST_FIRST: AuctionOrder = { sort: 'received_at', direction: 'desc' };
/** A page sorted by something else than time never takes longer from the database. */
const LONGEST_MS = 3_000;
/** What is found by walking an index is found at once, or not soon. */
const WALK_MS = 500;

interface Wanted {
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Newest first where it is not said. */
  readonly order?: AuctionOrder;
}

/** Finds auctions by what is known of them, page by page. */
@Injectable()
export class AuctionSearch {
  constructor(
    private readonly database: ReadDatabase,
    private readonly cipher: FieldCipher,
    private readonly counts: AuctionCounts,
    /** Asked for one thing in hand: it may be a second old. */
    private readonly working: DataSource,
  ) {}

  /** A page's cost does not depend on how far down it is. */
  page(filter: AuctionFilter, { order = NEWEST_FIRST, ...wanted }: Wanted): Promise<Page<AuctionRowView>> {
    const { sort, direction } = order;
    return sort === 'received_at'
      ? this.#byTime(filter, direction, wanted)
      : this.#byFact(filter, { sort, direction }, wanted);
  }

  async #byTime(
    filter: AuctionFilter,
    direction: Direction,
    { limit, cursor }: Wanted,
  ): Promise<Page<AuctionRowView>> {
    const selection = selectAuctions(filter);
    const [at, key] = [
      `${selection.sortedBy}.received_at`,
      `${selection.sortedBy}.issuer_proposal_request_key`,
    ];
    if (cursor !== undefined) {
      const [lastAt, lastKey] = decodeCursor(cursor, timePosition);
      const last = `(?::timestamptz, ${selection.parameter(lastKey)}::text)`;
      selection.where(`(${at}, ${key}) ${LATER[direction]} ${last}`, lastAt);
    }
    const rows = await this.database.query<AuctionRecord[]>(
      rowsOf(
        `SELECT ${key} ${selection.rows} ORDER BY ${at} ${direction}, ${key} ${direction} LIMIT ${limit + 1}`,
        `a.received_at ${direction}, a.issuer_proposal_request_key ${direction}`,
      ),
      selection.parameters,
    );
    return this.#opened(
      pageOf(
        rows,
        limit,
        (row) => row,
        (last) => [last.cursor_at, last.key],
      ),
    );
  }

  /**
   * Few that pass are sorted whole. Many are walked to, which is slow where what comes first in the order passes least:
   * they are sorted whole then too.
   * @throws ProblemException 503 when it takes too long
   */
  async #byFact(
    filter: AuctionFilter,
    order: AuctionOrder<FactSort>,
    { limit, cursor }: Wanted,
  ): Promise<Page<AuctionRowView>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, factPosition(order.sort));
    const ask = { filter, order, after, limit };
    if (typeof (await this.counts.upTo(filter)) !== 'number')
      try {
        return await this.#sorted({ ...ask, whole: false }, WALK_MS);
      } catch (error) {
        if (!(error instanceof ProblemException)) throw error;
      }
    return this.#sorted({ ...ask, whole: true }, LONGEST_MS);
  }

  /** One moment: where rows stand, and what they say. */
  async #sorted(ask: SortedAsk, longestMs: number): Promise<Page<AuctionRowView>> {
    const found = await readWithin(this.database, longestMs, async (tx) => {
      const placed = await sortedAuctions(tx, { ...ask, limit: ask.limit + 1 });
      const rows = await tx.query<AuctionRecord[]>(
        rowsOf(
          `SELECT * FROM unnest($1::text[]) WITH ORDINALITY AS page (issuer_proposal_request_key, place)`,
          'page.place',
        ),
        [placed.map(({ key }) => key)],
      );
      const places = new Map(placed.map((place) => [place.key, place]));
      return pageOf(
        rows,
        ask.limit,
        (row) => row,
        ({ key }) => {
          const { value = '', at = '' } = places.get(key) ?? {};
          return [value, at, key];
        },
      );
    });
    return this.#opened(found);
  }

  /** A page of an export is long. */
  async #opened({ items, ...page }: Page<AuctionRecord>): Promise<Page<AuctionRowView>> {
    return { ...page, items: await inTurns(viewInSteps(items, this.cipher)) };
  }

  /** @returns undefined for an auction that we never saw */
  async one(key: string): Promise<AuctionRowView | undefined> {
    const [row] = await this.working.query<AuctionRecord[]>(
      rowsOf(`SELECT issuer_proposal_request_key FROM auction WHERE issuer_proposal_request_key = $1`),
      [key],
    );
    return row && viewAuctionRow(row, this.cipher);
  }
}

function* viewInSteps(rows: readonly AuctionRecord[], cipher: FieldCipher): Steps<AuctionRowView[]> {
  const views: AuctionRowView[] = [];
  for (const row of rows) {
    views.push(viewAuctionRow(row, cipher));
    yield;
  }
  return views;
}
