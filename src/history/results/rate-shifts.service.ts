import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { rateShift, type ShiftedBid } from '../domain';
import { Decimal } from '../../kernel';
import { ReadDatabase } from '../../platform';
import { factsIn, type Selection } from '../explore/selection';
import { BidMargins, STORED_BID, type StoredBid } from '../facts/bid-margins.service';
import { WhatIfs } from '../../winning';
import type { rateShiftQuery, rateShiftView } from './results.dto';

/** Each is priced anew at the other rate: so many in about a second. */
const MOST_BIDS = 2_000;
/** Priced before whoever waits has a turn: bids are made on the same thread. */
const AT_ONCE = 5;

/** Of one that has left for the archive the fact alone is known. */
type EndedBid = { readonly rate: number; readonly margin: string | null } & (
  | StoredBid
  | { readonly monthly_interest_rate: null }
);

/** What would have come of the same bids at rates some basis points away, as far as the past can tell. */
@Injectable()
export class RateShifts {
  constructor(
    private readonly database: ReadDatabase,
    private readonly margins: BidMargins,
    private readonly whatIfs: WhatIfs,
  ) {}

  async of({
    basis_points: points,
    ...selection
  }: z.output<typeof rateShiftQuery>): Promise<z.output<typeof rateShiftView>> {
    const { rows, parameters } = factsIn(selection);
    const ended = `${rows} ${rows.includes(' WHERE ') ? 'AND' : 'WHERE'} status IN ('won', 'lost')
      AND unanswered IS NOT TRUE AND bid_key IS NOT NULL AND rate IS NOT NULL`;
    const ends = await this.database.query<{ step: number; won: number; lost: number }[]>(
      `SELECT rate / 2500 AS step, (count(*) FILTER (WHERE status = 'won'))::int AS won,
         (count(*) FILTER (WHERE status = 'lost'))::int AS lost ${ended} GROUP BY 1`,
      [...parameters],
    );
    const bids = await this.database.query<EndedBid[]>(
      `SELECT f.rate, f.margin, ${STORED_BID}
       FROM (SELECT * ${ended} ORDER BY received_at DESC, key LIMIT ${String(MOST_BIDS)}) AS f
       LEFT JOIN bid b ON b.request_control_key = f.bid_key
       LEFT JOIN decision d ON d.auction_key = b.auction_key AND d.ordinal = b.ordinal`,
      [...parameters],
    );
    const shifted: ShiftedBid[] = [];
    for (const [n, bid] of bids.entries()) {
      if (n % AT_ONCE === 0) await setImmediate();
      shifted.push(await this.#shifted(bid, points));
    }
    const all = ends.reduce((total, { won, lost }) => total + won + lost, 0);
    const known = new Map(ends.map(({ step, ...counts }) => [step, counts]));
    const found = rateShift(known, shifted, points * 100, all / Math.max(bids.length, 1));
    const judged = found.verdict === 'judged' ? found : undefined;
    return {
      basis_points: points,
      bids: all,
      looked_at: bids.length,
      verdict: found.verdict,
      because: found.because,
      wins: judged?.wins ?? null,
      margin: judged?.margin ?? null,
      tried: await this.#tried(points, selection),
    };
  }

  /** Where rates were tried by chance no alikeness of auctions has to be supposed. */
  async #tried(
    basisPoints: number,
    { from, to, price_row: priceRow, ...others }: Selection,
  ): Promise<z.output<typeof rateShiftView>['tried']> {
    if (Object.values(others).some((value) => value !== undefined)) return null;
    const found = await this.whatIfs.of({ basisPoints, from, to, priceRow });
    if (found === undefined) return null;
    const answered = found.kind === 'answered' ? found : undefined;
    const { mean, low, high } = answered?.effect ?? {};
    return {
      refused: found.kind === 'refused' ? found.reason : null,
      margin:
        mean === undefined || low === undefined || high === undefined ? null : { value: mean, low, high },
      effective_sample: found.effectiveSample,
      bids: answered?.bids ?? null,
      days: answered?.days ?? null,
      share_needed: (found.kind === 'refused' ? found.shareNeeded : undefined) ?? null,
    };
  }

  async #shifted(bid: EndedBid, points: number): Promise<ShiftedBid> {
    const { rate, margin } = bid;
    if (bid.monthly_interest_rate === null) return { rate, worth: undefined };
    const other = new Decimal(bid.monthly_interest_rate).plus(new Decimal(points).div(10_000));
    if (margin === null || other.lte(0)) return { rate, worth: undefined };
    const worth = await this.margins.of(bid, other);
    if (worth.kind === 'unknown') return { rate, worth: undefined };
    const shifted = Number(worth.margin.margin.times(100).toFixed(0));
    return { rate, worth: { asBid: Number(margin), shifted } };
  }
}
