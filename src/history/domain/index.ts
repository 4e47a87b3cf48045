export { identify, type Identified } from './identify';
export { wilsonInterval, type Interval } from './wilson-interval';
