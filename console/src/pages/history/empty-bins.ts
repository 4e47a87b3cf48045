import type { Charts } from '../../api/client';

type Hour = Charts['hours'][number];

/** Rates stand a tenth of a point apart, times five seconds. A gap is drawn as one, up to so many bins in all. */
const RATE_STEP = 0.001;
const SECONDS_STEP = 5;
const MOST_BINS = 200;
const NO_ENDS = { won: 0, lost: 0 };

/** The bins that nothing fell into, between those that something did. */
export const withEmptyRates = (rates: readonly Charts['rates'][number][]): Charts['rates'] =>
  filled(
    rates,
    ({ from }) => Math.round(Number(from) / RATE_STEP),
    (at) => ({
      from: (at * RATE_STEP).toFixed(3),
      ...NO_ENDS,
      answered: NO_ENDS,
      win_rate: null,
      low: null,
      high: null,
    }),
  );

export const withEmptyMargins = (margins: readonly Charts['margins'][number][]): Charts['margins'] =>
  filled(
    margins,
    ({ from }) => Math.round(Number(from) / RATE_STEP),
    (at) => ({ from: (at * RATE_STEP).toFixed(3), won: 0, expected: '0.00', realised: '0.00' }),
  );

export const withEmptySeconds = (
  seconds: readonly Charts['seconds_left'][number][],
): Charts['seconds_left'] =>
  filled(
    seconds,
    ({ from }) => from / SECONDS_STEP,
    (at) => ({ from: at * SECONDS_STEP, bids: 0 }),
  );

const EVERY_HOUR = 24;

/** All hours of the day, also those before the first that something happened in. */
export function withEmptyHours(hours: readonly Hour[]): Hour[] {
  const known = new Map(hours.map((hour) => [hour.hour, hour]));
  return Array.from(
    { length: EVERY_HOUR },
    (_, hour) => known.get(hour) ?? { hour, received: 0, bid: 0, won: 0 },
  );
}

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
