import type { Interval } from './wilson-interval';

/**
 * How far two shares are apart, with 95 % confidence: Newcombe's interval, made of Wilson's of each. It says nothing is
 * known to differ while it holds nought.
 */
export function shareDifference(a: Interval, b: Interval): Interval {
  const share = a.share - b.share;
  return {
    share,
    low: share - Math.hypot(a.share - a.low, b.high - b.share),
    high: share + Math.hypot(a.high - a.share, b.share - b.low),
  };
}
