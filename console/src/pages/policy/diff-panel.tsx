import { Badge, Group, Select, Table, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type PolicyVersion } from '../../api/client';
import { Empty, Loaded } from '../../parts/states';
import { Literal } from '../../parts/literal';
import { HELP } from '../../words/help-words';
import { placeInWords } from './change-words';
import { Thread } from './comments';
import { useDictionary } from './dictionary';
import { valueInWords } from './part-words';
import { reviewKey, useReview, type Comment } from './reviews';
import { usualComparison, useStanding } from './standing';

const KIND: Readonly<Record<string, readonly [string, string]>> = {
  added: ['incluído', 'teal'],
  removed: ['excluído', 'red'],
  changed: ['alterado', 'yellow'],
};

/** What a version changes, cell by cell, with what was said about it: of the one in force, of its origin, or of any other. */
export function DiffPanel({
  version,
  isChanged,
}: {
  readonly version: PolicyVersion;
  readonly isChanged: boolean;
}) {
  const [picked, setPicked] = useState<string | null>();
  const standing = useStanding(version);
  const inForce = standing.data?.in_force;
  const usual = usualComparison(version, inForce)?.toString() ?? null;
  const chosen = picked === undefined ? usual : picked;
  const queries = useQueryClient();
  const comments = useReview(version).data?.comments ?? [];
  const isCommented = chosen === String(version.based_on) || chosen === String(inForce);
  const versions = useQuery({
    queryKey: ['policies'],
    queryFn: () => bodyOf(api.GET('/api/v1/policies', { params: { query: { limit: 100 } } })),
  });
  const query = useQuery({
    queryKey: ['policy-diff', version.number, version.hash, chosen],
    enabled: chosen !== null && !standing.isLoading,
    queryFn: async () => {
      const difference = await bodyOf(
        api.GET('/api/v1/policies/{number}/diff', {
          params: { path: { number: version.number }, query: { against: Number(chosen) } },
        }),
      );
      // The service has noted that we were given it. A first reading under way was begun before, and would not be begun anew.
      const review = { queryKey: reviewKey(version.number) };
      void queries.cancelQueries(review).then(() => queries.invalidateQueries(review));
      return difference;
    },
  });
  const others = (versions.data?.items ?? []).filter(({ number }) => number !== version.number);
  return (
    <>
      <Group mb="sm" align="flex-end" justify="space-between">
        <Select
          label="Comparar com"
          description={HELP.policy.compareWith}
          placeholder="Escolha uma versão"
          w={420}
          maw="100%"
          searchable
          data={others.map(({ number, name }) => ({
            value: String(number),
            label: `Versão ${String(number)} · ${name}`,
          }))}
          value={chosen}
          onChange={setPicked}
        />
        {isChanged && (
          <Text size="sm" c="dimmed">
            Do que está salvo; as mudanças desta tela ainda não contam.
          </Text>
        )}
      </Group>
      {chosen === null ? (
        <Empty title={others.length === 0 ? 'É a primeira versão' : 'Escolha com que comparar'}>
          {others.length === 0
            ? 'Com a segunda, o que muda aparece aqui.'
            : 'O que muda é contado a partir da escolhida.'}
        </Empty>
      ) : (
        <Loaded query={query}>
          {({ changes, before }) =>
            changes.length === 0 ? (
              <Empty title={`Igual à versão ${String(before)}`}>
                Mude regras, tabelas ou limites, e a diferença aparece aqui.
              </Empty>
            ) : (
              <Changes
                changes={changes}
                said={isCommented ? { number: version.number, comments } : undefined}
              />
            )
          }
        </Loaded>
      )}
    </>
  );
}

interface Change {
  readonly path: string;
  readonly kind: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Lines are those of the difference from what is in force, or from the version's origin. */
interface SaidOfLines {
  readonly number: number;
  readonly comments: readonly Comment[];
}

function Changes({
  changes,
  said,
}: {
  readonly changes: readonly Change[];
  readonly said: SaidOfLines | undefined;
}) {
  const gone = said?.comments.filter(
    ({ path }) => path !== '' && !changes.some((change) => change.path === path),
  );
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs" role="status">
        {changes.length} {changes.length === 1 ? 'mudança' : 'mudanças'}
      </Text>
      <Table.ScrollContainer minWidth={640}>
        <Table aria-label="Mudanças" layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="42%">Onde</Table.Th>
              <Table.Th w={100} />
              <Table.Th>Antes</Table.Th>
              <Table.Th>Depois</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {changes.map((change) => (
              <ChangeRow key={change.path} change={change} said={said} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {said !== undefined && gone !== undefined && gone.length > 0 && (
        <>
          <Text size="sm" c="dimmed" mt="md" mb="xs">
            Comentários de linhas que já não mudam
          </Text>
          <Thread number={said.number} path="" comments={gone} />
        </>
      )}
    </>
  );
}

function ChangeRow({
  change: { path, kind, before, after },
  said,
}: {
  readonly change: Change;
  readonly said: SaidOfLines | undefined;
}) {
  const dictionary = useDictionary();
  const unitOf = (field: string) => dictionary.field(field)?.unit ?? undefined;
  const fields = { ...dictionary, unitOf };
  const place = placeInWords(path, fields);
  const value = (text: string | null): string =>
    text === null ? '–' : valueInWords(text, place ?? {}, fields);
  const look = place?.type === undefined ? 'breaks' : 'numbers';
  return (
    <Table.Tr>
      <Table.Td className="breaks">
        {place?.words}
        <Text size="xs" c="dimmed" component="div">
          <Literal>{path}</Literal>
        </Text>
        {said !== undefined && (
          <Thread
            number={said.number}
            path={path}
            comments={said.comments.filter((comment) => comment.path === path)}
          />
        )}
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={KIND[kind]?.[1] ?? 'gray'} tt="none">
          {KIND[kind]?.[0] ?? kind}
        </Badge>
      </Table.Td>
      <Table.Td className={look}>{value(before)}</Table.Td>
      <Table.Td className={look} fw={600}>
        {value(after)}
      </Table.Td>
    </Table.Tr>
  );
}
