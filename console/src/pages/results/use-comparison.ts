import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/client';

/** What is held against what: days, both inclusive, or versions of the policy. */
export interface Sides {
  readonly a_from?: string;
  readonly a_to?: string;
  readonly b_from?: string;
  readonly b_to?: string;
  readonly a_policy?: string;
  readonly b_policy?: string;
}

/** @param by up to two dimensions, separated by commas; none: the whole */
export function useComparison(measures: readonly string[], sides: Sides, by?: string, enabled = true) {
  return useQuery({
    queryKey: ['comparison', by, measures, sides],
    enabled,
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/history/comparison', {
          params: { query: { measures: measures.join(','), ...(by && { by }), ...sides } },
        }),
      ),
  });
}
