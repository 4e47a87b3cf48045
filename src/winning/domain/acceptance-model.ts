import { Coefficients, total, type CoefficientPrior } from './coefficients';
import { drifted, independent, updated, type Belief, type BeliefUpdate, type Likelihood } from './laplace';
import { bandsOfCell, cellCount, type Segmentation } from './segments';
import type { SparseVector } from './symmetric-matrix';

/** Won auctions of one cell at one distance from the policy's rate, by whether the borrower took the offer. */
export interface AcceptanceRow {
  readonly cell: number;
  readonly distanceBp: number;
  readonly accepted: number;
  readonly refused: number;
}

export interface AcceptancePrior {
  readonly level: CoefficientPrior;
  readonly band: CoefficientPrior;
  /** Logarithm of what the logit falls by for each bp. */
  readonly slope: CoefficientPrior;
}

/** P(accepted | won, cell, rate): a logistic curve that falls with the rate. */
export class AcceptanceModel {
  readonly prior: Belief;
  readonly #drift: Float64Array;
  readonly #slope: number;
  readonly #level: readonly (readonly number[])[];

  constructor(segmentation: Segmentation, prior: AcceptancePrior) {
    const coefficients = new Coefficients();
    const level = coefficients.block(1, prior.level);
    const bands = segmentation.axes.map((axis) => coefficients.block(axis.bands, prior.band));
    this.#slope = coefficients.block(1, prior.slope);
    this.#level = Array.from({ length: cellCount(segmentation) }, (_, cell) => [
      level,
      ...bandsOfCell(segmentation, cell).map((band, axis) => (bands[axis] ?? 0) + band),
    ]);
    this.prior = independent(coefficients.mean, coefficients.deviation);
    this.#drift = coefficients.drift;
  }

  probability({ mean }: Belief, cell: number, distanceBp: number): number {
    return this.#at(mean, cell, distanceBp);
  }

  drifted(belief: Belief): Belief {
    return drifted(belief, (place) => this.#drift[place] ?? 0);
  }

  updated(belief: Belief, rows: readonly AcceptanceRow[]): BeliefUpdate {
    return updated(belief, this.#likelihood(rows));
  }

  #at(mean: Float64Array, cell: number, distanceBp: number): number {
    const fall = Math.exp(mean[this.#slope] ?? 0) * distanceBp;
    return 1 / (1 + Math.exp(fall - total(mean, this.#level[cell])));
  }

  #gradient(mean: Float64Array, cell: number, distanceBp: number): SparseVector {
    const level = this.#level[cell] ?? [];
    const fall = Math.exp(mean[this.#slope] ?? 0) * distanceBp;
    return { places: [...level, this.#slope], values: [...level.map(() => 1), -fall] };
  }

  #likelihood(rows: readonly AcceptanceRow[]): Likelihood {
    return {
      value: (mean) => {
        let value = 0;
        for (const { cell, distanceBp, accepted, refused } of rows) {
          const p = this.#at(mean, cell, distanceBp);
          value += accepted * Math.log(p + 1e-12) + refused * Math.log(1 - p + 1e-12);
        }
        return value;
      },
      observations: (mean, add) => {
        for (const { cell, distanceBp, accepted, refused } of rows) {
          const p = this.#at(mean, cell, distanceBp);
          const seen = accepted + refused;
          add(this.#gradient(mean, cell, distanceBp), accepted - seen * p, seen * p * (1 - p));
        }
      },
    };
  }
}
