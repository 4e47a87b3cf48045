import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type PolicyVersion } from '../../api/client';

const TO_COME: readonly PolicyVersion['state'][] = ['draft', 'in_review', 'approved', 'scheduled'];

type Version = Pick<PolicyVersion, 'number' | 'hash' | 'state'>;

/**
 * Which version is in force, and what of it this one would undo.
 * @param isAsked left out: of one that has not decided yet
 */
export function useStanding({ number, hash, state }: Version, isAsked = TO_COME.includes(state)) {
  return useQuery({
    queryKey: ['policy-standing', number, hash],
    enabled: isAsked,
    queryFn: () => bodyOf(api.GET('/api/v1/policies/{number}/standing', { params: { path: { number } } })),
  });
}

export interface Replaced {
  readonly standing: Pick<ReturnType<typeof useStanding>, 'data' | 'isFetching' | 'refetch'>;
  /** As it is shown; undefined until that is known, and while it is read again. */
  readonly inForce: number | undefined;
}

/**
 * What a version would replace, for whoever is to decide that. Where the two cannot be compared it is the number of the one in
 * force alone: a version that cannot be read must not stay in force for that.
 */
export function useReplaced(version: Version, isAsked: boolean): Replaced {
  const standing = useStanding(version, isAsked);
  const isUnknown = standing.isError && standing.data === undefined;
  const active = useQuery({
    queryKey: ['policies', 'in-force'],
    enabled: isAsked && isUnknown,
    queryFn: () => bodyOf(api.GET('/api/v1/policies/active')),
  });
  const isRead = !standing.isFetching && !active.isFetching;
  return { standing, inForce: isRead ? (standing.data?.in_force ?? active.data?.number) : undefined };
}

/** What a version is compared with unless somebody chooses: what it would replace; of one that has decided, its origin. */
export function usualComparison(
  { state, based_on: origin }: Pick<PolicyVersion, 'state' | 'based_on'>,
  inForce: number | undefined,
): number | null {
  return TO_COME.includes(state) ? (inForce ?? origin) : origin;
}
