export { biddingWhile, type Watching, type WatchRules } from './watching';
