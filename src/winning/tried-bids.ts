import type { DataSource } from 'typeorm';
import type { Arm, Propensities } from './domain';

/** About so many of a period, from all of its days: each is judged by its own version. */
const MOST_BIDS = 20_000;
/** Read in one turn of the thread that bids are made on. */
const PAGE_BIDS = 2_000;

/** A bid at a learned rate, with what its rate was drawn from, that was won or lost. */
export interface TriedBid {
  readonly auction_key: string;
  readonly day: string;
  readonly cell: number;
  readonly version: string;
  readonly reference_bp: number;
  readonly centre_bp: number;
  readonly arm: Arm;
  readonly step_bp: number;
  readonly propensities: Propensities;
  /** Reais. */
  readonly amount: number;
  readonly won: boolean;
}

export interface TriedSelection {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly priceRow: string | undefined;
  /** Cells of the same hash are the same. */
  readonly segments: string;
}

/**
 * Where there are more, every so-manieth, drawn by a hash of its key: the same for the same question. The newest alone would be of
 * so few days that nothing could be told of them.
 */
export async function triedBids(
  dataSource: DataSource,
  selection: TriedSelection,
): Promise<readonly TriedBid[]> {
  const [{ tried }] = await dataSource.query<[{ tried: number }]>(
    `SELECT count(*)::int AS tried ${TRIED}`,
    parametersOf(selection),
  );
  const oneOf = Math.max(1, Math.ceil(tried / MOST_BIDS));
  const bids: TriedBid[] = [];
  for (;;) {
    const page = await pageAfter(bids.at(-1), dataSource, selection, oneOf);
    bids.push(...page);
    if (page.length < PAGE_BIDS) return bids;
  }
}

const TRIED = `FROM rate_model_observation
  WHERE segments = $1 AND lane IN ('canary', 'learned') AND fallback IS NULL AND version IS NOT NULL AND centre_bp IS NOT NULL
    AND ended IN ('won', 'lost') AND refused IS NULL
    AND ($2::date IS NULL OR day >= $2) AND ($3::date IS NULL OR day <= $3) AND ($4::text IS NULL OR price_row = $4)`;

function parametersOf({ from, to, priceRow, segments }: TriedSelection): unknown[] {
  return [segments, from ?? null, to ?? null, priceRow ?? null];
}

function pageAfter(
  last: TriedBid | undefined,
  dataSource: DataSource,
  selection: TriedSelection,
  oneOf: number,
): Promise<readonly TriedBid[]> {
  return dataSource.query<TriedBid[]>(
    `SELECT auction_key, day::text AS day, cell, version, reference_bp, centre_bp, arm, step_bp, propensities, amount / 100.0::float8 AS amount,
       ended = 'won' AS won
     ${TRIED} AND mod(abs(hashtext(auction_key)::bigint), $5::integer) = 0
       AND day <= $6::date AND (day < $6::date OR auction_key > $7)
     ORDER BY rate_model_observation.day DESC, auction_key LIMIT ${String(PAGE_BIDS)}`,
    [...parametersOf(selection), oneOf, last?.day ?? 'infinity', last?.auction_key ?? ''],
  );
}
