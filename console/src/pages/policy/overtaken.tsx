import { Alert, Button, List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type PolicyChange, type PolicyVersion } from '../../api/client';
import { count, dateTime } from '../../format/format';
import { placeInWords } from './change-words';
import { useDictionary } from './dictionary';
import type { Replaced } from './standing';

const MOST_SHOWN = 8;

interface Props {
  readonly version: PolicyVersion;
  readonly replaced: Replaced;
}

/** Warns that another version is in force than the one this was copied from, and of what would go back; or that nobody can tell. */
export function Overtaken({ version, replaced }: Props) {
  const { standing, inForce } = replaced;
  if (standing.isFetching)
    return (
      <Text size="sm" c="dimmed" role="status">
        Comparando com a versão em vigor…
      </Text>
    );
  if (standing.data === undefined) return <NotCompared inForce={inForce} onAgain={standing.refetch} />;
  const { in_force: present, taken_back: takenBack } = standing.data;
  if (present === version.based_on && version.state !== 'retired') return null;
  return (
    <Alert color="orange" role="alert" data-overtaken={takenBack.length}>
      <Text size="sm">{whatIsUndone(version, present, takenBack.length)}</Text>
      <TakenBack changes={takenBack} />
    </Alert>
  );
}

function whatIsUndone({ number, state, based_on: origin }: PolicyVersion, inForce: number, changes: number) {
  if (state === 'retired')
    return `A versão em vigor é a ${String(inForce)}. ${
      changes === 0 ? 'Confira a diferença entre as duas.' : `A volta à ${String(number)} desfaz ou muda:`
    }`;
  const from = origin === null ? '' : `, e não a ${String(origin)}, de que esta foi copiada`;
  return `A versão em vigor é a ${String(inForce)}${from}. ${
    changes === 0
      ? 'Confira a diferença da versão em vigor.'
      : 'Isto passou a valer depois da versão copiada, e esta versão desfaz ou muda:'
  }`;
}

function NotCompared({
  inForce,
  onAgain,
}: {
  readonly inForce: number | undefined;
  readonly onAgain: () => unknown;
}) {
  const which = inForce === undefined ? 'a versão em vigor' : `a versão em vigor, a ${String(inForce)}`;
  return (
    <Alert color="red" role="alert" data-not-compared>
      <Text size="sm">
        Esta versão não pôde ser comparada com {which}: não se sabe o que ela desfaz do que já vale.
      </Text>
      <Button
        mt="xs"
        size="xs"
        variant="default"
        onClick={() => {
          onAgain();
        }}
      >
        Comparar de novo
      </Button>
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
