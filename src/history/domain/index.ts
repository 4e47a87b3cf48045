export { identify, type Identified } from './identify';
export { likelyWinningRate } from './likely-winning-rate';
export { wilsonInterval, type Interval } from './wilson-interval';
