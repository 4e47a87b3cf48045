import { assert } from '../../kernel';

/** One feature that rates may differ by, in bands. What it is computed from, the caller says. */
export interface SegmentAxis {
  readonly name: string;
  readonly bands: number;
}

/**
 * The cells that rates are learnt for: every combination of the axes' bands, the last axis fastest. The first two axes are
 * also taken together: their bands act on each other most.
 */
export interface Segmentation {
  readonly axes: readonly SegmentAxis[];
}

export function cellCount({ axes }: Segmentation): number {
  return axes.reduce((product, { bands }) => product * bands, 1);
}

/** Of each axis, the band of a cell. */
export function bandsOfCell({ axes }: Segmentation, cell: number): readonly number[] {
  const bands: number[] = [];
  let left = cell;
  for (const axis of axes.toReversed()) {
    bands.unshift(left % axis.bands);
    left = Math.floor(left / axis.bands);
  }
  return bands;
}

/** The cell of these bands; undefined when one is not known. */
export function cellOfBands(
  { axes }: Segmentation,
  bands: readonly (number | undefined)[],
): number | undefined {
  let cell = 0;
  for (const [at, axis] of axes.entries()) {
    const band = bands[at];
    if (band === undefined || !Number.isInteger(band) || band < 0 || band >= axis.bands) return undefined;
    cell = cell * axis.bands + band;
  }
  return cell;
}

/** Places of the first two axes taken together. */
export function pairCount({ axes }: Segmentation): number {
  assert(axes.length >= 2, 'segments need two axes at least');
  return (axes[0]?.bands ?? 0) * (axes[1]?.bands ?? 0);
}

export function pairOfCell(segmentation: Segmentation, cell: number): number {
  return Math.floor(cell / (cellCount(segmentation) / pairCount(segmentation)));
}
