import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { api, bodyOf } from '../../api/client';
import { Loaded } from '../../parts/states';
import { DictionaryProvider } from './dictionary';
import { Editor } from './editor';

const POLL_MS = 5_000;

/** One version: what it says, what it changes, whether it holds, what it would have done, and its next step. */
export function PolicyPage() {
  const { number } = useParams({ from: '/politica/$number' });
  const query = useQuery({
    queryKey: ['policy', number],
    queryFn: () =>
      bodyOf(api.GET('/api/v1/policies/{number}', { params: { path: { number: Number(number) } } })),
    // Somebody else may save it, approve it or hand it back meanwhile.
    refetchInterval: POLL_MS,
  });
  return (
    <Loaded query={query} lines={12}>
      {(version) => (
        <DictionaryProvider>
          <Editor key={version.number} version={version} />
        </DictionaryProvider>
      )}
    </Loaded>
  );
}
