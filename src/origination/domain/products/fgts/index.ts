export {
  balanceFailure,
  BALANCE_FAILURES,
  CODES_WITH_A_DATE,
  nextQueryAt,
  type BalanceFailure,
  type BalanceRetry,
} from './balance-failures';
export { estimateFgts, estimateWithdrawals, type EstimatedWithdrawal, type FgtsEstimate } from './estimate';
export type { FgtsCase } from './facts';
export { isOpen, judgeFgts, problemOf, reasonsAgainst, type FgtsTerms, type FgtsVerdict } from './judge';
export { lockedWindow, type LockedWindowOn } from './locked-window';
export type { FgtsOffer } from './offers';
export { cedablePeriods, competenceOf, problemsOfPeriods, type Period, type PeriodProblem } from './periods';
export { rulesOn, type FgtsData, type FgtsRules, type WithdrawalBand } from './rules';
export { simulateFgts, type FeeTable, type FgtsSimulation, type FgtsWish } from './simulate';
