import { Coefficients, type CoefficientPrior } from './coefficients';
import { bandsOfCell, cellCount, pairCount, pairOfCell, type Segmentation } from './segments';

/** What is believed of the win curves before the first auction has ended. A cell's coefficient is the sum of its groups'. */
export interface WinPrior {
  /** Logarithm of the rivals below the policy's rate, as if there were no end of them. */
  readonly level: CoefficientPrior;
  readonly band: CoefficientPrior;
  readonly pair: CoefficientPrior;
  readonly cell: CoefficientPrior;
  /** Logarithm of its growth a bp. */
  readonly slope: CoefficientPrior;
  readonly slopePair: CoefficientPrior;
  /** Logarithm of the number of all rivals. */
  readonly rivals: CoefficientPrior;
  readonly rivalsBand: CoefficientPrior;
  /** What the share of second places says otherwise than the share of wins. */
  readonly second: CoefficientPrior;
}

/** Where the win model's coefficients stand in its one vector. */
export interface WinLayout {
  readonly coefficients: Coefficients;
  /** Places by cell. */
  readonly hazard: readonly (readonly number[])[];
  readonly slope: readonly (readonly number[])[];
  readonly rivals: readonly (readonly number[])[];
  /** What all cells share, and what moves first when the market does. */
  readonly level: number;
  readonly second: number;
}

export function winLayout(segmentation: Segmentation, prior: WinPrior): WinLayout {
  const cells = cellCount(segmentation);
  const coefficients = new Coefficients();
  const level = coefficients.block(1, prior.level);
  const bands = segmentation.axes.map((axis) => coefficients.block(axis.bands, prior.band));
  const pair = coefficients.block(pairCount(segmentation), prior.pair);
  const own = coefficients.block(cells, prior.cell);
  const slope = coefficients.block(1, prior.slope);
  const slopePair = coefficients.block(pairCount(segmentation), prior.slopePair);
  const rivals = coefficients.block(1, prior.rivals);
  const rivalsBand = coefficients.block(segmentation.axes[0]?.bands ?? 0, prior.rivalsBand);
  const second = coefficients.block(1, prior.second);
  const byCell = (of: (cell: number) => readonly number[]): readonly (readonly number[])[] =>
    Array.from({ length: cells }, (_, cell) => of(cell));
  return {
    coefficients,
    level,
    second,
    hazard: byCell((cell) => [
      level,
      ...bandsOfCell(segmentation, cell).map((band, axis) => (bands[axis] ?? 0) + band),
      pair + pairOfCell(segmentation, cell),
      own + cell,
    ]),
    slope: byCell((cell) => [slope, slopePair + pairOfCell(segmentation, cell)]),
    rivals: byCell((cell) => [rivals, rivalsBand + (bandsOfCell(segmentation, cell)[0] ?? 0)]),
  };
}
