import { useQueryClient } from '@tanstack/react-query';
import type { PolicyVersion } from '../../api/client';

/** What the service has just stored is what the page shows: an answer still on its way is older. */
export function useStored(number: number): (saved: PolicyVersion) => Promise<void> {
  const queries = useQueryClient();
  const queryKey = ['policy', String(number)];
  return async (saved) => {
    await queries.cancelQueries({ queryKey, exact: true });
    queries.setQueryData(queryKey, saved);
  };
}
