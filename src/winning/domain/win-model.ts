import { drifted, independent, updated, type Belief, type BeliefUpdate, type Likelihood } from './laplace';
import type { Segmentation } from './segments';
import type { SparseVector } from './symmetric-matrix';
import { curveGradient, rivalsBelow, shapeOf } from './win-curve';
import { winLayout, type WinLayout, type WinPrior } from './win-layout';

/** Bids of one cell at one distance from the policy's rate, by how they ended. */
export interface WinRow {
  readonly cell: number;
  /** Our rate less the policy's. */
  readonly distanceBp: number;
  readonly won: number;
  /** Lost as second, lost behind two at least, lost and no rank told. */
  readonly second: number;
  readonly behind: number;
  readonly unranked: number;
}

/** P(win | cell, rate): what is believed of it at first, and what a day's ends make of that. */
export class WinModel {
  readonly layout: WinLayout;
  readonly prior: Belief;
  readonly #drift: Float64Array;

  constructor(segmentation: Segmentation, prior: WinPrior) {
    this.layout = winLayout(segmentation, prior);
    const { mean, deviation, drift } = this.layout.coefficients;
    this.prior = independent(mean, deviation);
    this.#drift = drift;
  }

  probability({ mean }: Belief, cell: number, distanceBp: number): number {
    return Math.exp(-rivalsBelow(shapeOf(this.layout, mean, cell), distanceBp));
  }

  /** @param alarmDrift of the level, when the market was seen to move */
  drifted(belief: Belief, alarmDrift?: number): Belief {
    const { level } = this.layout;
    return drifted(belief, (place) => (place === level ? alarmDrift : undefined) ?? this.#drift[place] ?? 0);
  }

  updated(belief: Belief, rows: readonly WinRow[]): BeliefUpdate {
    return updated(belief, new WinLikelihood(this.layout, rows));
  }
}

/** Of what is this close to certain. */
const TINY = 1e-9;

class WinLikelihood implements Likelihood {
  constructor(
    readonly layout: WinLayout,
    readonly rows: readonly WinRow[],
  ) {}

  value(mean: Float64Array): number {
    const shift = mean[this.layout.second] ?? 0;
    let value = 0;
    for (const { cell, distanceBp, won, second, behind, unranked } of this.rows) {
      const below = rivalsBelow(shapeOf(this.layout, mean, cell), distanceBp);
      const share = secondShare(below * Math.exp(shift));
      value += (second + behind + unranked) * Math.log(TINY - Math.expm1(-below)) - won * below;
      value += second * Math.log(TINY + share) + behind * Math.log(TINY + 1 - share);
    }
    return value;
  }

  observations(
    mean: Float64Array,
    add: (by: SparseVector, score: number, information: number) => void,
  ): void {
    const place = this.layout.second;
    const shift = mean[place] ?? 0;
    for (const { cell, distanceBp, won, second, behind, unranked } of this.rows) {
      const by = curveGradient(this.layout, mean, cell, distanceBp);
      const below = rivalsBelow(shapeOf(this.layout, mean, cell), distanceBp);
      const [ranked, lost] = [second + behind, second + behind + unranked];
      // The derivative of log P(lost) by log L, and the information of one end.
      const ofLost = secondShare(below);
      add(by, lost * ofLost - won * below, (won + lost) * below * ofLost);
      if (ranked === 0) continue;
      const many = below * Math.exp(shift);
      const share = secondShare(many);
      const slope = share * (1 + many / Math.expm1(-many));
      const spread = share * (1 - share) + TINY;
      const withShift = { places: [...by.places, place], values: [...by.values, 1] };
      add(withShift, ((second - ranked * share) * slope) / spread, (ranked * slope ** 2) / spread);
    }
  }
}

/** Of the auctions lost when `below` rivals are below us on average: in how many there is only one. */
function secondShare(below: number): number {
  return below < 1e-8 ? 1 : below / Math.expm1(below);
}
