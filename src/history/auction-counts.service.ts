import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ReadDatabase } from '../platform';
import { selectAuctions, type AuctionFilter } from './auction-filter';
import { wasTooSlow } from './read-within';

/** Beyond this a number is an estimate. */
export const COUNTED_EXACTLY = 10_000;
const LONGEST_MS = 250;
const SIGNIFICANT_DIGITS = 3;

export const auctionCount = z.object({
  count: z.int().min(0),
  is_exact: z.boolean().describe('false: estimated, with three significant digits'),
});
type Count = z.output<typeof auctionCount>;

/** How many auctions pass a filter: counted where that is cheap, else as the database's statistics have it. */
@Injectable()
export class AuctionCounts {
  constructor(private readonly database: ReadDatabase) {}

  async of(filter: AuctionFilter): Promise<Count> {
    const counted = await this.upTo(filter);
    if (typeof counted === 'number') return { count: counted, is_exact: true };
    const estimated = await this.#estimate(filter);
    const least = counted === 'more' ? COUNTED_EXACTLY + 1 : 0;
    return { count: rounded(Math.max(estimated, least)), is_exact: false };
  }

  /** The number, that there are more than are counted, or that counting took too long. */
  async upTo(filter: AuctionFilter): Promise<number | 'more' | 'too_slow'> {
    const { rows, parameters } = selectAuctions(filter);
    try {
      const [found] = await this.database.transaction(async (tx) => {
        await tx.query(`SET LOCAL statement_timeout = ${String(LONGEST_MS)}`);
        return tx.query<{ n: number }[]>(
          `SELECT count(*)::int AS n FROM (SELECT ${rows} LIMIT ${String(COUNTED_EXACTLY + 1)}) AS matching`,
          parameters,
        );
      });
      const n = found?.n ?? 0;
      return n > COUNTED_EXACTLY ? 'more' : n;
    } catch (error) {
      if (wasTooSlow(error)) return 'too_slow';
      throw error;
    }
  }

  async #estimate(filter: AuctionFilter): Promise<number> {
    const { rows, parameters } = selectAuctions(filter);
    const [row] = await this.database.query<{ 'QUERY PLAN': readonly [{ Plan: { 'Plan Rows': number } }] }[]>(
      `EXPLAIN (FORMAT JSON) SELECT ${rows}`,
      parameters,
    );
    return row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
  }
}

const rounded = (estimate: number): number => Number(estimate.toPrecision(SIGNIFICANT_DIGITS));
