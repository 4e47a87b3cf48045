import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/client';

const LOOK_AGAIN_MS = 10_000;

/** How far the installation is on its way to the first bid; once it bids, nobody asks again. */
export function useSetup() {
  return useQuery({
    queryKey: ['setup'],
    queryFn: () => bodyOf(api.GET('/api/v1/setup')),
    refetchInterval: ({ state }) => (state.data?.is_live === true ? false : LOOK_AGAIN_MS),
  });
}
