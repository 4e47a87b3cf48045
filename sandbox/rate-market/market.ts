/**
 * A market of loan auctions that knows its own truth: which rivals come, at which rates, and what a loan is worth. Rates are
 * basis points a month (bp), amounts reais. It is a simulation: binary floats are good enough.
 */
export interface RateMarket {
  readonly name: string;
  readonly cells: readonly MarketCell[];
  readonly rivals: readonly MarketRival[];
  readonly acceptance: Acceptance;
  /** What the amount of a request is of its cell's usual one: the exponential of a normal variable. */
  readonly amountSpread: { readonly mean: number; readonly deviation: number };
  /** Part of the amount that is lost more for each deviation of the borrower's hidden quality. */
  readonly qualityLoss: number;
}

/** A kind of borrower and loan. Cells are numbered employer, tenure, term, amount, the last one fastest. */
export interface MarketCell {
  readonly share: number;
  readonly term: number;
  readonly usualAmount: number;
  /** Expected loss, a fraction of the amount. */
  readonly lossRate: number;
  /** The lowest whole rate at which a loan of the usual amount does not lose. */
  readonly breakEvenBp: number;
  /** Share of accepted offers that is paid out. */
  readonly paidShare: number;
}

export interface MarketRival {
  readonly scaleBp: number;
  /** How far its rate rises for each deviation of the borrower's hidden quality, which it sees and we do not. */
  readonly infoBp: number;
  /** By cell. */
  readonly meanBp: readonly number[];
  readonly entry: readonly number[];
}

/** Of a won offer: the logit falls by `slope` for each bp over break-even and `anchorBp`. */
export interface Acceptance {
  readonly level: number;
  readonly slope: number;
  readonly anchorBp: number;
}

export const BANDS = 3;
export const CELLS = BANDS ** 4;

/** The bands of a cell: employer, tenure, term, amount. */
export function bandsOf(cell: number): readonly [number, number, number, number] {
  return [Math.floor(cell / 27), Math.floor(cell / 9) % 3, Math.floor(cell / 3) % 3, cell % 3];
}

export function cellAt(employer: number, tenure: number, term: number, amount: number): number {
  return ((employer * BANDS + tenure) * BANDS + term) * BANDS + amount;
}

export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** That the borrower takes our offer when it has won. Half of what moves the rivals moves the borrower's wishes too. */
export function acceptProbability(
  { acceptance }: RateMarket,
  cell: MarketCell,
  rateBp: number,
  levelBp: number,
): number {
  const overBp = rateBp - cell.breakEvenBp - acceptance.anchorBp - levelBp / 2;
  return logistic(acceptance.level - acceptance.slope * overBp);
}
