import { monotone } from '../../winning/domain';

/** Auctions that have ended, of bids whose rate lies in one band. */
export interface EndedBids {
  /** Where the band begins, in millionths a month. */
  readonly rate: number;
  readonly won: number;
  readonly lost: number;
}

/** How far the cheapest rival was, in basis points, at the least: what was never bid tells nothing of what lies beyond it. */
export interface NextRival {
  /** Above us, in what we won: what was given away. */
  readonly aboveWhenWon: number;
  /** Below us, in what we lost. */
  readonly belowWhenLost: number;
}

export interface CurvePoint {
  readonly rate: number;
  /** The share won, made never to rise with the rate. */
  readonly smoothed: number;
  readonly nextRival: NextRival | undefined;
}

export interface WinCurve {
  readonly points: readonly CurvePoint[];
  readonly nextRival: NextRival | undefined;
}

/** Fewer ends than these say nothing of rivals. */
const MIN_ENDS = 200;
const MIN_ENDS_OF_BAND = 10;
const BASIS_POINT = 100;
const WHOLE = 10_000;

/**
 * The share won by rate. A bid is won when the cheapest rival is dearer, so that the curve is also how the cheapest rival's rates
 * lie, and the area under it how far he was from us. Statistics: it takes the auctions of all bands to be alike.
 * @param bands by rate, the lowest first
 */
export function winCurve(bands: readonly EndedBids[]): WinCurve {
  const ends = bands.map(({ won, lost }) => won + lost);
  const smoothed = monotone(
    bands.map(({ won }, at) => (won / Math.max(1, ends[at] ?? 0)) * WHOLE),
    ends.map((count) => Math.max(count, 1)),
    'falling',
  ).map((share) => share / WHOLE);
  const rivals = nextRivals(bands, smoothed);
  return {
    points: bands.map(({ rate }, at) => ({ rate, smoothed: smoothed[at] ?? 0, nextRival: rivals[at] })),
    nextRival: meanOf(bands, rivals),
  };
}

function nextRivals(
  bands: readonly EndedBids[],
  shares: readonly number[],
): readonly (NextRival | undefined)[] {
  const isTold = bands.filter(({ won, lost }) => won + lost >= MIN_ENDS_OF_BAND).length > 1;
  const all = bands.reduce((total, { won, lost }) => total + won + lost, 0);
  if (!isTold || all < MIN_ENDS) return bands.map(() => undefined);
  /** Under the curve, and over it, from each band to the next. */
  const steps = bands.slice(1).map(({ rate }, at) => {
    const width = (rate - (bands[at]?.rate ?? rate)) / BASIS_POINT;
    const under = ((shares[at] ?? 0) + (shares[at + 1] ?? 0)) / 2;
    return { under: width * under, over: width * (1 - under) };
  });
  return shares.map((share, at) => ({
    aboveWhenWon: share === 0 ? 0 : steps.slice(at).reduce((sum, { under }) => sum + under, 0) / share,
    belowWhenLost:
      share === 1 ? 0 : steps.slice(0, at).reduce((sum, { over }) => sum + over, 0) / (1 - share),
  }));
}

/** Of all wins together, and of all losses. */
function meanOf(
  bands: readonly EndedBids[],
  rivals: readonly (NextRival | undefined)[],
): NextRival | undefined {
  if (rivals.every((one) => one === undefined)) return undefined;
  const mean = (weight: (band: EndedBids) => number, of: keyof NextRival): number => {
    const total = bands.reduce((sum, band) => sum + weight(band), 0);
    const sum = bands.reduce((all, band, at) => all + weight(band) * (rivals[at]?.[of] ?? 0), 0);
    return total === 0 ? 0 : sum / total;
  };
  return {
    aboveWhenWon: mean(({ won }) => won, 'aboveWhenWon'),
    belowWhenLost: mean(({ lost }) => lost, 'belowWhenLost'),
  };
}
