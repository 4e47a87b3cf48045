import { total } from './coefficients';
import type { SparseVector } from './symmetric-matrix';
import type { WinLayout } from './win-layout';

/**
 * How many rivals bid below us, on average: L(d) = 1 / (1/rivals + exp(-(hazard + slope d))), d in bp over the policy's rate. It
 * grows with the rate, at first by the same part for each bp, and ends at the number of all rivals. That none is below us has
 * the probability exp(-L): so P(win) falls as the rate rises, whatever was learnt.
 */
export interface WinShape {
  readonly hazard: number;
  readonly slope: number;
  /** One over the number of all rivals. */
  readonly ceiling: number;
}

export function shapeOf(layout: WinLayout, mean: Float64Array, cell: number): WinShape {
  return {
    hazard: total(mean, layout.hazard[cell]),
    slope: Math.exp(total(mean, layout.slope[cell])),
    ceiling: Math.exp(-total(mean, layout.rivals[cell])),
  };
}

export function rivalsBelow({ hazard, slope, ceiling }: WinShape, distanceBp: number): number {
  return 1 / (ceiling + Math.exp(-(hazard + slope * distanceBp)));
}

/** The derivatives of log L by the coefficients. */
export function curveGradient(
  layout: WinLayout,
  mean: Float64Array,
  cell: number,
  distanceBp: number,
): SparseVector {
  const shape = shapeOf(layout, mean, cell);
  // The part of its growth that is left: 1 far below all rivals, 0 above them.
  const left = 1 - rivalsBelow(shape, distanceBp) * shape.ceiling;
  const [hazard, slope, rivals] = [
    layout.hazard[cell] ?? [],
    layout.slope[cell] ?? [],
    layout.rivals[cell] ?? [],
  ];
  return {
    places: [...hazard, ...slope, ...rivals],
    values: [
      ...hazard.map(() => left),
      ...slope.map(() => left * shape.slope * distanceBp),
      ...rivals.map(() => 1 - left),
    ],
  };
}
