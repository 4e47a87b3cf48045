export { biddingWhile, looksUntil, type Looks, type Watching, type WatchRules } from './watching';
