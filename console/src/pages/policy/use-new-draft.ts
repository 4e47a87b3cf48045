import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, bodyOf } from '../../api/client';
import { tellFailure } from '../../parts/notices';

/** Makes a draft and opens it: a copy of the version named, or of the one in force. */
export function useNewDraft(basedOn?: number) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/policies', { body: { based_on: basedOn } })),
    onSuccess: ({ number }) => navigate({ to: '/politica/$number', params: { number: String(number) } }),
    onError: tellFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: ['policies'] }),
  });
}
