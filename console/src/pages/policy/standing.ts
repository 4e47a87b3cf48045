import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type PolicyVersion } from '../../api/client';

const TO_COME: readonly PolicyVersion['state'][] = ['draft', 'in_review', 'approved', 'scheduled'];

type Version = Pick<PolicyVersion, 'number' | 'hash' | 'state'>;

/** Which version is in force, and what of it this one would undo; only of one that may still replace it. */
export function useStanding({ number, hash, state }: Version) {
  return useQuery({
    queryKey: ['policy-standing', number, hash],
    enabled: TO_COME.includes(state),
    queryFn: () => bodyOf(api.GET('/api/v1/policies/{number}/standing', { params: { path: { number } } })),
  });
}

/** What a version is compared with unless somebody chooses: what it would replace; of one that has decided, its origin. */
export function usualComparison(
  { state, based_on: origin }: Pick<PolicyVersion, 'state' | 'based_on'>,
  inForce: number | undefined,
): number | null {
  return TO_COME.includes(state) ? (inForce ?? origin) : origin;
}
