/** What is believed of one coefficient before anything was seen, and how far it may move in a day (a deviation). */
export interface CoefficientPrior {
  readonly mean: number;
  readonly deviation: number;
  readonly drift: number;
}

/** The coefficients of a model in one vector, group after group. */
export class Coefficients {
  readonly #all: CoefficientPrior[] = [];

  /** @returns the place of the group's first one */
  block(count: number, prior: CoefficientPrior): number {
    const from = this.#all.length;
    for (let i = 0; i < count; i++) this.#all.push(prior);
    return from;
  }

  get mean(): Float64Array {
    return Float64Array.from(this.#all, ({ mean }) => mean);
  }

  get deviation(): Float64Array {
    return Float64Array.from(this.#all, ({ deviation }) => deviation);
  }

  get drift(): Float64Array {
    return Float64Array.from(this.#all, ({ drift }) => drift);
  }
}

/** The sum of the coefficients at these places. */
export function total(mean: Float64Array, places: readonly number[] = []): number {
  let sum = 0;
  for (const place of places) sum += mean[place] ?? 0;
  return sum;
}
