import type { Decimal } from '../../kernel';

/** Outcomes of our bids whose monthly rate lies from here on, up to the next band. */
export interface RateBand {
  readonly from: Decimal;
  readonly bids: number;
  readonly won: number;
}

/** Fewer say nothing. */
const ENOUGH_BIDS = 10;
const OFTEN = 0.5;

/**
 * The rate with which we have won at least every second auction of this kind: the dearest such band below our bid. QI never
 * tells the winner's rate, so this is what our own outcomes make likely, and nothing where there are too few of them.
 */
export function likelyWinningRate(bands: readonly RateBand[], ours: Decimal): RateBand | undefined {
  return bands
    .filter(({ from, bids, won }) => from.lt(ours) && bids >= ENOUGH_BIDS && won / bids >= OFTEN)
    .reduce<RateBand | undefined>(
      (dearest, band) => (dearest === undefined || band.from.gt(dearest.from) ? band : dearest),
      undefined,
    );
}
