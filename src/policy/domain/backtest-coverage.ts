/** What a finished backtest has gone over of the requests of the last days. Counts go up to the minimum that is set. */
export interface BacktestReach {
  /** Requests that it decided, of whatever day. */
  readonly decided: number;
  /** Of the last days: those of its period. */
  readonly held: number;
  /** Of the last days: those it could have held. */
  readonly stored: number;
}

/** How many requests a version was tried on, and on how many it must have been to be put in force. */
export interface BacktestCoverage {
  readonly held: number;
  /** 0: none is stored, on the first day. */
  readonly required: number;
}

/**
 * A backtest must hold the minimum, or all there is where there is less: a young installation has policies too. Where the
 * last days brought nothing, one request of whatever day is enough.
 * @param hasRequests whether any request is stored at all
 */
export function coverageOf(
  { decided, held, stored }: BacktestReach,
  minimum: number,
  hasRequests: boolean,
): BacktestCoverage {
  if (stored === 0) return { held: decided, required: hasRequests ? 1 : 0 };
  return { held: decided === 0 ? 0 : held, required: Math.min(minimum, stored) };
}

export const isEnough = ({ held, required }: BacktestCoverage): boolean => held >= required;

/** The one to judge a version by: what one backtest holds is enough, however little the others do. */
export function bestCoverage(coverages: readonly BacktestCoverage[]): BacktestCoverage | undefined {
  return coverages.find(isEnough) ?? coverages.toSorted((a, b) => b.held - a.held)[0];
}
