import type { RateSearch } from '../results/search';

/** What each part of the page about rates is given. */
export interface RateTabProps {
  readonly from: string;
  readonly to: string;
  readonly search: RateSearch;
  readonly change: (part: { [K in keyof RateSearch]: RateSearch[K] | undefined }) => void;
}
