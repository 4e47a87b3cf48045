import { Alert, List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type PolicyChange, type PolicyVersion } from '../../api/client';
import { count, dateTime } from '../../format/format';
import { placeInWords } from './change-words';
import { useDictionary } from './dictionary';
import { useStanding } from './standing';

const MOST_SHOWN = 8;

/** Warns that another version was put in force than the one this was copied from, and of what would go back. */
export function Overtaken({ version }: { readonly version: PolicyVersion }) {
  const standing = useStanding(version).data;
  const origin = version.based_on;
  if (standing === undefined || standing.in_force === origin) return null;
  const { in_force: inForce, taken_back: takenBack } = standing;
  const from = origin === null ? '' : `, e não a ${String(origin)}, de que esta foi copiada`;
  return (
    <Alert color="orange" role="alert" data-overtaken={takenBack.length}>
      <Text size="sm">
        A versão em vigor é a {String(inForce)}
        {from}.{' '}
        {takenBack.length === 0
          ? 'Confira a diferença da versão em vigor.'
          : 'Isto passou a valer depois da versão copiada, e esta versão desfaz ou muda:'}
      </Text>
      <TakenBack changes={takenBack} />
    </Alert>
  );
}

function TakenBack({ changes }: { readonly changes: readonly PolicyChange[] }) {
  const dictionary = useDictionary();
  const more = changes.length - MOST_SHOWN;
  return (
    <List size="sm">
      {changes.slice(0, MOST_SHOWN).map(({ path }) => (
        <List.Item key={path} className="breaks">
          {placeInWords(path, dictionary)?.words ?? path}
        </List.Item>
      ))}
      {more > 0 && <List.Item>e mais {count(more)}</List.Item>}
    </List>
  );
}

/** Names the other versions that wait for their time: what comes later may undo this one, or be undone by it. */
export function AlsoScheduled({ version }: { readonly version: PolicyVersion }) {
  const scheduled = useQuery({
    queryKey: ['policies', 'scheduled'],
    queryFn: () =>
      bodyOf(api.GET('/api/v1/policies', { params: { query: { state: 'scheduled', limit: 100 } } })),
  });
  const others = (scheduled.data?.items ?? []).filter(({ number }) => number !== version.number);
  if (others.length === 0) return null;
  return (
    <Alert color="orange" role="alert" data-also-scheduled={others.length}>
      <Text size="sm">Também têm hora marcada:</Text>
      <List size="sm">
        {others.map(({ number, activate_at: at }) => (
          <List.Item key={number}>
            versão {number}, {dateTime(at)}
          </List.Item>
        ))}
      </List>
      <Text size="sm">
        A que vier depois e desfizer o que veio antes não entra em vigor na sua hora: o plantão é avisado.
      </Text>
    </Alert>
  );
}
