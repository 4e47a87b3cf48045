import type { Charts } from '../../api/client';

/** Rates stand a tenth of a point apart, times five seconds. A gap is drawn as one, up to so many bins in all. */
const RATE_STEP = 0.001;
const SECONDS_STEP = 5;
const MOST_BINS = 200;

/** The bins that nothing fell into, between those that something did. */
export const withEmptyRates = (rates: Charts['rates']): Charts['rates'] =>
  filled(
    rates,
    ({ from }) => Math.round(Number(from) / RATE_STEP),
    (at) => ({ from: (at * RATE_STEP).toFixed(3), won: 0, lost: 0, win_rate: null, low: null, high: null }),
  );

export const withEmptyMargins = (margins: Charts['margins']): Charts['margins'] =>
  filled(
    margins,
    ({ from }) => Math.round(Number(from) / RATE_STEP),
    (at) => ({ from: (at * RATE_STEP).toFixed(3), won: 0, expected: '0.00', realised: '0.00' }),
  );

export const withEmptySeconds = (seconds: Charts['seconds_left']): Charts['seconds_left'] =>
  filled(
    seconds,
    ({ from }) => from / SECONDS_STEP,
    (at) => ({ from: at * SECONDS_STEP, bids: 0 }),
  );

function filled<Bin>(
  bins: readonly Bin[],
  positionOf: (bin: Bin) => number,
  emptyAt: (position: number) => Bin,
): Bin[] {
  const known = new Map(bins.map((bin) => [positionOf(bin), bin]));
  const [first, last] = [Math.min(...known.keys()), Math.max(...known.keys())];
  if (known.size === 0 || last - first >= MOST_BINS) return [...bins];
  return Array.from({ length: last - first + 1 }, (_, i) => known.get(first + i) ?? emptyAt(first + i));
}
