import { RateShift } from '../results/rate-shift';
import type { RateTabProps } from './rate-tab';

/** The same question as on the page of results, beside the curve it rests on. */
export function WhatIfTab({ from, to }: RateTabProps) {
  return <RateShift from={from} to={to} policy={undefined} />;
}
