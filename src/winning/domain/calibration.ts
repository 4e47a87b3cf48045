/** A bid with the P(win) that was predicted for it, and what came: 1 and 0, the share of its like, or a known probability. */
export interface Prediction {
  readonly predicted: number;
  readonly came: number;
}

export interface CalibrationGroup {
  readonly bids: number;
  readonly predicted: number;
  readonly came: number;
}

/** Fifths (or other equal parts) of the bids by what was predicted, with the means of both. */
export function calibration(predictions: readonly Prediction[], parts = 5): readonly CalibrationGroup[] {
  const sorted = predictions.toSorted((a, b) => a.predicted - b.predicted);
  return Array.from({ length: parts }, (_, part) => {
    const group = sorted.slice(
      Math.floor((part * sorted.length) / parts),
      Math.floor(((part + 1) * sorted.length) / parts),
    );
    const mean = (of: (each: Prediction) => number): number =>
      group.reduce((sum, each) => sum + of(each), 0) / Math.max(1, group.length);
    return {
      bids: group.length,
      predicted: mean(({ predicted }) => predicted),
      came: mean(({ came }) => came),
    };
  });
}

/** Mean distance between predicted and come, as a fraction. */
export function calibrationError(groups: readonly CalibrationGroup[]): number {
  return (
    groups.reduce((sum, { predicted, came }) => sum + Math.abs(predicted - came), 0) /
    Math.max(1, groups.length)
  );
}
