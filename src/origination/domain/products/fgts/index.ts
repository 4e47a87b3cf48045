export { balanceFailure, BALANCE_FAILURES, type BalanceFailure, type BalanceRetry } from './balance-failures';
export { estimateWithdrawals, type EstimatedWithdrawal } from './estimate';
export { lockedWindow, nthBusinessDayFrom, type LockedWindow } from './locked-window';
export { cedablePeriods, competenceOf, problemsOfPeriods, type Period, type PeriodProblem } from './periods';
export { rulesOn, type FgtsData, type FgtsRules, type WithdrawalBand } from './rules';
export { simulateFgts, type FeeTable, type FgtsSimulation, type FgtsWish } from './simulate';
