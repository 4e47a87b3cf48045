import type { AcceptancePrior } from './acceptance-model';
import type { CoefficientPrior } from './coefficients';
import type { PayoutPrior } from './payout-counts';
import type { WinPrior } from './win-layout';

/**
 * What is believed of a market before it was seen, with the policy's rate some 50 bp over break-even: about half of the auctions
 * are won there, and some 23 bp double the rivals below us, or 17, or 31: where few rivals come the chance to win falls slowly, and a
 * narrower belief would pass for knowledge of it. `drift` is what a day may move.
 */
const prior = (mean: number, deviation: number, drift: number): CoefficientPrior => ({
  mean,
  deviation,
  drift,
});

export const WIN_PRIOR: WinPrior = {
  level: prior(-0.36, 0.8, 0.07),
  band: prior(0, 0.35, 0.008),
  pair: prior(0, 0.6, 0.01),
  cell: prior(0, 0.12, 0.006),
  slope: prior(Math.log(0.03), 0.3, 0.005),
  slopePair: prior(0, 0.15, 0.005),
  rivals: prior(Math.log(2.5), 0.1, 0.01),
  rivalsBand: prior(0, 0.25, 0.005),
  second: prior(0, 0.6, 0.01),
};

export const ACCEPTANCE_PRIOR: AcceptancePrior = {
  level: prior(0.5, 0.8, 0.02),
  band: prior(0, 0.3, 0.004),
  slope: prior(Math.log(0.013), 0.4, 0.005),
};

export const PAYOUT_PRIOR: PayoutPrior = { share: 0.8, weight: 20, forgetting: 0.005 };
