import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type PolicySummary, type PolicyReview } from '../../api/client';

const POLL_MS = 10_000;

export type Comment = PolicyReview['comments'][number];

export const reviewKey = (number: number): readonly unknown[] => ['policy-review', number];

/** What was noted and said about a version, read again now and then: others comment too. */
export function useReview({ number }: Pick<PolicySummary, 'number'>) {
  return useQuery({
    queryKey: reviewKey(number),
    queryFn: () => bodyOf(api.GET('/api/v1/policies/{number}/review', { params: { path: { number } } })),
    refetchInterval: POLL_MS,
  });
}

interface Reader {
  readonly actor: string;
  readonly may: (permission: string) => boolean;
}

/** Whether a version waits for this person: nobody judges what they wrote themselves. */
export function waitsFor(
  { may, actor }: Reader,
  { authors }: { readonly authors: readonly string[] },
): boolean {
  return may('policies.approve') && !authors.includes(actor);
}
