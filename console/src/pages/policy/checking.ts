import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Examination } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { useSession } from '../../session/session-provider';
import type { Manuscript, PolicyDocument } from './document';
import { numbered, type Problem } from './problems';

/** Long enough that a word is typed, short enough that one is told at once. */
const PAUSE_MS = 400;
const UNREADABLE = 422;

export interface Check {
  /** Something on the screen has not been looked at yet. */
  readonly isBusy: boolean;
  /** Undefined: nothing is known yet, or the check could not be made. */
  readonly isSound: boolean | undefined;
  readonly problems: readonly Problem[];
  /** Of a document that can be read at all. */
  readonly examination: Examination | undefined;
  /** Why the check itself could not be made. */
  readonly failure: unknown;
}

const revisions = new WeakMap<object, number>();
let latest = 0;
/** A document is never changed, only replaced: its identity is its revision, and a large one is not read as a key. */
function revisionOf(document: PolicyDocument): number {
  const known = revisions.get(document);
  if (known !== undefined) return known;
  latest += 1;
  revisions.set(document, latest);
  return latest;
}

/** Has the service look at a document while it is being written. Whoever may not ask for that sees no problems. */
export function useCheck({ document, lists }: Manuscript): Check {
  const { may } = useSession();
  const [settled] = useDebouncedValue(document, PAUSE_MS);
  const query = useQuery({
    queryKey: ['policy-check', revisionOf(settled), lists],
    enabled: may('policies.test'),
    retry: false,
    staleTime: 60_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: () => check({ document: settled, lists }),
  });
  const { data, error } = query;
  return {
    isBusy: may('policies.test') && (settled !== document || query.isFetching),
    isSound: data?.examination && !data.problems.some(({ severity }) => severity === 'error'),
    problems: data?.problems ?? [],
    examination: data?.examination,
    failure: error ?? undefined,
  };
}

async function check(manuscript: Manuscript) {
  const { document } = manuscript;
  try {
    const examination = await bodyOf(api.POST('/api/v1/policies/check', { body: manuscript }));
    const problems = examination.findings.map(({ path, message, severity }) => ({
      path: numbered(document, path),
      message,
      severity,
    }));
    return { examination, problems };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== UNREADABLE) throw error;
    return { examination: undefined, problems: problemsOf(error, document) };
  }
}

/** What a refusal says, place by place. */
export function problemsOf(error: ApiProblem, document: PolicyDocument): readonly Problem[] {
  return error.errors.map(({ path, message }) => ({
    path: numbered(document, path),
    message,
    severity: 'error',
  }));
}
