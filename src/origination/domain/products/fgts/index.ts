export { BALANCE_FAILURES } from './balance-failures';
export { estimateFgts, estimateWithdrawals, type FgtsEstimate } from './estimate';
export { judgeFgts, type FgtsTerms } from './judge';
export { lockedWindow, type LockedWindowOn } from './locked-window';
export { cedablePeriods, competenceOf, lastWithdrawal, problemsOfPeriods, type Period } from './periods';
export { rulesOn, type FgtsData, type FgtsRules } from './rules';
export { simulateFgts, type FgtsSimulation, type FgtsWish } from './simulate';
export { fgtsWishes, fgtsWishesJson, type FgtsWishes } from './wishes';
