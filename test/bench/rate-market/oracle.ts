import {
  acceptProbability,
  COST_OF_A_LOAN,
  logistic,
  marginPerReal,
  type RateMarket,
} from '../../../sandbox/rate-market';

/** The hidden quality's normal distribution by Gauss and Hermite: seven nodes and their weights. */
const NODES = [-3.7504397177, -2.3667594107, -1.1544053947, 0, 1.1544053947, 2.3667594107, 3.7504397177];
const WEIGHTS = [
  0.0005482689, 0.030757124, 0.2401231786, 0.4571428571, 0.2401231786, 0.030757124, 0.0005482689,
];

const LOWEST_BP = 100;
const HIGHEST_BP = 650;
/** Where the best rate is looked for, from break-even on. */
const BELOW_BREAK_EVEN = 60;
const OVER_BREAK_EVEN = 260;

export interface BestRate {
  readonly rateBp: number;
  readonly margin: number;
}

/** What a bid at each rate brings: `perReal` A - `each` reais for an amount A, of which `won` A are won. */
interface Worth {
  readonly perReal: Float64Array;
  readonly each: Float64Array;
  readonly won: Float64Array;
}

/** Knows the market: what a bid is worth on average, and which bid is worth most. */
export class Oracle {
  readonly #market: RateMarket;
  /** The share won and the quality won, by cell and rate, at level 0: another level only moves the rates. */
  readonly #wins: readonly (readonly { win: number; quality: number }[])[];
  readonly #worths = new Map<number, readonly Worth[]>();

  constructor(market: RateMarket) {
    this.#market = market;
    const rates = Array.from({ length: HIGHEST_BP - LOWEST_BP + 1 }, (_, at) => LOWEST_BP + at);
    this.#wins = market.cells.map((_, cell) => rates.map((rate) => this.#winsAt(cell, rate)));
  }

  /** P(win) when all rivals stand `levelBp` over their usual rates. Between whole rates it is interpolated. */
  winShare(cell: number, rateBp: number, levelBp = 0): number {
    return this.#interpolated(cell, rateBp - levelBp).win;
  }

  /** Expected margin of a bid in reais, through the whole funnel. */
  expectedMargin(cell: number, amount: number, rateBp: number, levelBp = 0): number {
    const worth = this.#worth(cell, levelBp);
    const at = placeOf(rateBp);
    return amount * (worth.perReal[at] ?? 0) - (worth.each[at] ?? 0);
  }

  /** Expected reais that a bid wins: whether they are taken and paid out or not, a day's cap counts them. */
  expectedWon(cell: number, amount: number, rateBp: number, levelBp = 0): number {
    return amount * (this.#worth(cell, levelBp).won[placeOf(rateBp)] ?? 0);
  }

  /** The best whole rate when each real won costs `lambda` reais besides. */
  best(cell: number, amount: number, levelBp = 0, lambda = 0): BestRate {
    const { perReal, each, won } = this.#worth(cell, levelBp);
    const breakEven = this.#market.cells[cell]?.breakEvenBp ?? 0;
    const from = Math.max(0, placeOf(breakEven - BELOW_BREAK_EVEN));
    let [best, bestValue] = [from, -Infinity];
    for (let at = from; at <= placeOf(breakEven + OVER_BREAK_EVEN); at++) {
      const value = amount * ((perReal[at] ?? 0) - lambda * (won[at] ?? 0)) - (each[at] ?? 0);
      if (value > bestValue) [best, bestValue] = [at, value];
    }
    return { rateBp: LOWEST_BP + best, margin: amount * (perReal[best] ?? 0) - (each[best] ?? 0) };
  }

  #worth(cell: number, levelBp: number): Worth {
    const worths =
      this.#worths.get(levelBp) ?? this.#market.cells.map((_, each) => this.#worthOf(each, levelBp));
    this.#worths.set(levelBp, worths);
    const worth = worths[cell];
    if (worth === undefined) throw new RangeError(`no cell ${cell}`);
    return worth;
  }

  #worthOf(cell: number, levelBp: number): Worth {
    const market = this.#market;
    const traits = market.cells[cell];
    if (traits === undefined) throw new RangeError(`no cell ${cell}`);
    const length = HIGHEST_BP - LOWEST_BP + 1;
    const worth = {
      perReal: new Float64Array(length),
      each: new Float64Array(length),
      won: new Float64Array(length),
    };
    for (let at = 0; at < length; at++) {
      const rate = LOWEST_BP + at;
      const { win, quality } = this.#interpolated(cell, rate - levelBp);
      const taken = acceptProbability(market, traits, rate, levelBp) * traits.paidShare;
      const perReal = marginPerReal(rate, traits.term, traits.lossRate);
      worth.perReal[at] = taken * (win * perReal - market.qualityLoss * quality);
      worth.each[at] = taken * win * COST_OF_A_LOAN;
      worth.won[at] = win;
    }
    return worth;
  }

  #interpolated(cell: number, rateBp: number): { win: number; quality: number } {
    const place = Math.min(HIGHEST_BP, Math.max(LOWEST_BP, rateBp)) - LOWEST_BP;
    const [curve, below] = [this.#wins[cell] ?? [], Math.floor(place)];
    const [low, high, part] = [curve[below], curve[below + 1] ?? curve[below], place - below];
    if (low === undefined || high === undefined) throw new RangeError(`no cell ${cell}`);
    return {
      win: low.win + part * (high.win - low.win),
      quality: low.quality + part * (high.quality - low.quality),
    };
  }

  #winsAt(cell: number, rateBp: number): { win: number; quality: number } {
    let [win, quality] = [0, 0];
    NODES.forEach((node, at) => {
      let alone = WEIGHTS[at] ?? 0;
      for (const { meanBp, entry, infoBp, scaleBp } of this.#market.rivals) {
        const over = (rateBp - (meanBp[cell] ?? 0) - infoBp * node) / scaleBp;
        alone *= 1 - (entry[cell] ?? 0) * logistic(over);
      }
      win += alone;
      quality += node * alone;
    });
    return { win, quality };
  }
}

function placeOf(rateBp: number): number {
  return Math.min(HIGHEST_BP, Math.max(LOWEST_BP, rateBp)) - LOWEST_BP;
}
