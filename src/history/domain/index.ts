export { lastRun, nextRun, type Recurrence } from './next-run';
export { identify } from './identify';
export { textsFrom, uuidsFrom, SHORTEST_PREFIX } from './key-range';
export { likelyWinningRate } from './likely-winning-rate';
export { wilsonInterval, type Interval } from './wilson-interval';
export { rateShift, type ShiftedBid } from './rate-shift';
export { shareDifference } from './share-difference';
export { winCurve, type NextRival } from './win-curve';
export { fairness, SMALLEST_GROUP, type JudgedRequest } from './fairness';
