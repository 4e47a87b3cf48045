import type { AcceptanceModel } from './acceptance-model';
import type { Belief } from './laplace';
import { quadratic } from './symmetric-matrix';
import { curveGradient, rivalsBelow, shapeOf } from './win-curve';
import type { WinModel } from './win-model';

/** What rates are chosen among in one cell, and what they bring. Rates are whole bp a month, amounts reais. */
export interface CellTerms {
  /** The policy's own rate: distances are counted from it. */
  readonly referenceBp: number;
  readonly floorBp: number;
  readonly ceilingBp: number;
  /** Margin of each real lent before the cost of a loan, at any rate: past ones were bid within the bounds of their day. */
  readonly marginPerReal: (rateBp: number) => number | undefined;
  readonly costOfLoan: number;
  /** The amounts that a rate is chosen for. */
  readonly amounts: readonly number[];
  readonly payoutGroup: number;
}

/** What was learnt, as far as choosing needs it. */
export interface Learnt {
  readonly winModel: WinModel;
  readonly win: Belief;
  readonly acceptanceModel: AcceptanceModel;
  readonly acceptance: Belief;
}

/** A cell's curves over its rates, from the floor on. */
export interface CellCurves {
  readonly terms: CellTerms;
  readonly marginPerReal: Float64Array;
  /** That a bid is won, and that it is won, taken and paid out. */
  readonly win: Float64Array;
  readonly funnel: Float64Array;
}

export function curvesOf(
  { winModel, win, acceptanceModel, acceptance }: Learnt,
  cell: number,
  terms: CellTerms,
  paidShare: number,
): CellCurves {
  const length = terms.ceilingBp - terms.floorBp + 1;
  const zeroes = (): Float64Array => new Float64Array(length);
  const curves = { terms, marginPerReal: zeroes(), win: zeroes(), funnel: zeroes() };
  const shape = shapeOf(winModel.layout, win.mean, cell);
  for (let at = 0; at < length; at++) {
    const rate = terms.floorBp + at;
    const distance = rate - terms.referenceBp;
    const won = Math.exp(-rivalsBelow(shape, distance));
    curves.marginPerReal[at] = terms.marginPerReal(rate) ?? 0;
    curves.win[at] = won;
    curves.funnel[at] = won * acceptanceModel.probability(acceptance, cell, distance) * paidShare;
  }
  return curves;
}

/**
 * Expected margin of a bid in reais, less `lambda` for each real it is expected to win: what is won keeps its part of the day's money
 * from others, whether or not it is taken and paid out.
 */
export function valueAt(
  { terms, marginPerReal, win, funnel }: CellCurves,
  at: number,
  amount: number,
  lambda: number,
): number {
  const margin = (funnel[at] ?? 0) * (amount * (marginPerReal[at] ?? 0) - terms.costOfLoan);
  return margin - lambda * (win[at] ?? 0) * amount;
}

/** The place of the best rate, the lower of two alike. */
export function bestPlace(curves: CellCurves, amount: number, lambda: number): number {
  let [best, bestValue] = [0, -Infinity];
  for (let at = 0; at < curves.funnel.length; at++) {
    const value = valueAt(curves, at, amount, lambda);
    if (value > bestValue) [best, bestValue] = [at, value];
  }
  return best;
}

/** How far, in bp, the slope of the value is looked at around the best rate. */
const NEAR = 4;

/**
 * How unsure the best rate is, as a deviation in bp: what is not known of the win curve's steepness there, over how sharply the
 * value bends. Infinity where the value does not bend, or at an end of the range.
 */
export function deviationOfBest(
  learnt: Learnt,
  cell: number,
  curves: CellCurves,
  amount: number,
  lambda: number,
): number {
  const at = bestPlace(curves, amount, lambda);
  const logValue = (place: number): number => Math.log(valueAt(curves, place, amount, lambda));
  const bend = (2 * logValue(at) - logValue(at - NEAR) - logValue(at + NEAR)) / NEAR ** 2;
  if (!(bend > 0)) return Infinity;
  const { layout } = learnt.winModel;
  const distance = curves.terms.floorBp + at - curves.terms.referenceBp;
  const shape = shapeOf(layout, learnt.win.mean, cell);
  const [low, high] = [distance - 1, distance + 1].map((d) => ({
    below: rivalsBelow(shape, d),
    by: curveGradient(layout, learnt.win.mean, cell, d),
  }));
  if (low === undefined || high === undefined) return Infinity;
  const values = high.by.values.map(
    (value, i) => (high.below * value - low.below * (low.by.values[i] ?? 0)) / 2,
  );
  const size = learnt.win.mean.length;
  return Math.sqrt(quadratic(learnt.win.covariance, size, { places: high.by.places, values })) / bend;
}
